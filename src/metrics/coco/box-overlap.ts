/** `[x, y, width, height]`, as COCO has boxes. */
export type CocoBox = readonly [x: number, y: number, width: number, height: number];

/**
 * Overlap (IoU) of boxes as pycocotools' `bbIou`: of a crowd the part of the detection that is inside.
 *
 * @returns rows of `truths.length` numbers, one a detection
 */
export function boxOverlaps(
  found: readonly CocoBox[],
  truths: readonly CocoBox[],
  crowds: readonly boolean[],
): Float64Array {
  const overlaps = new Float64Array(found.length * truths.length);
  let at = 0;
  for (const [x, y, width, height] of found) {
    const area = width * height;
    for (let g = 0; g < truths.length; g++, at++) {
      const [trueX, trueY, trueWidth, trueHeight] = truths[g] as CocoBox;
      const across = Math.min(x + width, trueX + trueWidth) - Math.max(x, trueX);
      if (!(across > 0)) continue;
      const down = Math.min(y + height, trueY + trueHeight) - Math.max(y, trueY);
      if (!(down > 0)) continue;
      const both = across * down;
      overlaps[at] = both / (crowds[g] ? area : area + trueWidth * trueHeight - both);
    }
  }
  return overlaps;
}
