import { readRuns } from '../../image/rle';
import type { RleMask } from '../../results';

/** A mask as its runs, with what saves work when it is compared with others. */
interface Runs {
  readonly lengths: readonly number[];
  readonly area: number;
  /** First and last column with a pixel of it. */
  readonly left: number;
  readonly right: number;
}

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
  const [first, second] = [found.map(toRuns), truths.map(toRuns)];
  const overlaps = new Float64Array(first.length * second.length);
  let at = 0;
  for (const a of first) {
    for (const [g, b] of second.entries()) {
      const both = a.right < b.left || b.right < a.left ? 0 : intersection(a.lengths, b.lengths);
      if (both > 0) overlaps[at] = both / (crowds[g] ? a.area : a.area + b.area - both);
      at++;
    }
  }
  return overlaps;
}

function toRuns({ counts, size: [height] }: RleMask): Runs {
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

/** Pixels that are in both masks, whose runs cover the same image. */
function intersection(a: readonly number[], b: readonly number[]): number {
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
