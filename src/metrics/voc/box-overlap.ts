import type { CocoBox } from '../coco/box-overlap';

/**
 * Overlap of boxes as PaddleDetection's `jaccard_overlap` without normalisation: both ends are pixels of the box, so a
 * side has one pixel more than the difference; boxes that only touch do not overlap. One without a width or height does
 * if it is inside the other.
 *
 * @param found and `truths` as COCO has boxes
 */
export function vocOverlaps(found: readonly CocoBox[], truths: readonly CocoBox[]): Float64Array {
  const overlaps = new Float64Array(found.length * truths.length);
  let at = 0;
  for (const [x, y, width, height] of found) {
    for (const [trueX, trueY, trueWidth, trueHeight] of truths) {
      const apart = x >= trueX + trueWidth || x + width <= trueX || y >= trueY + trueHeight || y + height <= trueY;
      const across = Math.min(x + width, trueX + trueWidth) - Math.max(x, trueX);
      const down = Math.min(y + height, trueY + trueHeight) - Math.max(y, trueY);
      const both = (across + 1) * (down + 1);
      const area = (width + 1) * (height + 1) + (trueWidth + 1) * (trueHeight + 1);
      overlaps[at++] = apart ? 0 : both / (area - both);
    }
  }
  return overlaps;
}
