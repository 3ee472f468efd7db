import type sharp from 'sharp';

/** Loads sharp on first use: it would take half of this package's load time. */
export function loadSharp(): typeof sharp {
  return require('sharp') as typeof sharp;
}
