import type * as Clipper from 'clipper-lib';

/** Loads Clipper on first use: few models need it. */
export function loadClipper(): typeof Clipper {
  return require('clipper-lib') as typeof Clipper;
}
