import type sharp from 'sharp';

/** sharp, loaded when the first image is touched: it is half of what loading this package would take. */
export function loadSharp(): typeof sharp {
  return require('sharp') as typeof sharp;
}
