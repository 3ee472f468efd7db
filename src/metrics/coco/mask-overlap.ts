import { maskRuns, sharedPixels } from '../../image/rle-overlap';
import type { RleMask } from '../../results';

/**
 * Overlap (IoU) of masks as pycocotools' `rleIou`: of a crowd the part of the detection that is inside.
 *
 * @returns rows of `truths.length` numbers, one a detection
 */
export function maskOverlaps(
  found: readonly RleMask[],
  truths: readonly RleMask[],
  crowds: readonly boolean[],
): Float64Array {
  const [first, second] = [found.map(maskRuns), truths.map(maskRuns)];
  const overlaps = new Float64Array(first.length * second.length);
  let at = 0;
  for (const a of first) {
    for (const [g, b] of second.entries()) {
      const both = sharedPixels(a, b);
      if (both > 0) overlaps[at] = both / (crowds[g] ? a.area : a.area + b.area - both);
      at++;
    }
  }
  return overlaps;
}
