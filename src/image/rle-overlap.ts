import type { RleMask } from '../results';
import { readRuns } from './rle';

/** A mask as its runs, with what saves work when it is compared with others. */
export interface MaskRuns {
  readonly lengths: readonly number[];
  readonly area: number;
  /** First and last column with a pixel of it. */
  readonly left: number;
  readonly right: number;
}

/** Parses a mask once, for several comparisons. */
export function maskRuns({ counts, size: [height] }: RleMask): MaskRuns {
  const lengths = readRuns(counts);
  let [area, position] = [0, 0];
  let [left, right] = [Number.POSITIVE_INFINITY, -1];
  for (const [i, length] of lengths.entries()) {
    if (i % 2 === 1 && length > 0) {
      area += length;
      left = Math.min(left, Math.floor(position / height));
      right = Math.floor((position + length - 1) / height);
    }
    position += length;
  }
  return { lengths, area, left, right };
}

/** The number of pixels in both masks, which cover the same image; nothing is decoded. */
export function sharedPixels({ lengths: a, ...first }: MaskRuns, { lengths: b, ...second }: MaskRuns): number {
  if (first.right < second.left || second.right < first.left) return 0;
  let [i, j, sum] = [0, 0, 0];
  let [leftOfA, leftOfB] = [a[0] ?? 0, b[0] ?? 0];
  while (i < a.length && j < b.length) {
    const step = Math.min(leftOfA, leftOfB);
    if (i % 2 === 1 && j % 2 === 1) sum += step;
    leftOfA -= step;
    leftOfB -= step;
    if (leftOfA === 0) leftOfA = a[++i] ?? 0;
    if (leftOfB === 0) leftOfB = b[++j] ?? 0;
    // Runs of no length are skipped with the next step.
  }
  return sum;
}
