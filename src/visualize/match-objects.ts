import type { Box } from '../results';

interface Matchable {
  readonly classId: number;
  readonly box: Box;
}

/** Objects that are the same in both lists, and those that are only in one. */
export interface Matches<A, B> {
  readonly pairs: readonly (readonly [A, B])[];
  readonly onlyFirst: readonly A[];
  readonly onlySecond: readonly B[];
}

/**
 * Pairs objects of one class whose boxes overlap by at least `iou`: in the order of the second list (best score first)
 * each takes the one it overlaps most of those still free.
 */
export function matchObjects<A extends Matchable, B extends Matchable>(
  first: readonly A[],
  second: readonly B[],
  iou: number,
): Matches<A, B> {
  const free = new Set(first);
  const pairs: [A, B][] = [];
  const onlySecond: B[] = [];
  for (const item of second) {
    let [best, bestOverlap] = [undefined as A | undefined, iou];
    for (const candidate of free) {
      const overlap = candidate.classId === item.classId ? intersectionOverUnion(candidate.box, item.box) : -1;
      if (overlap >= bestOverlap) [best, bestOverlap] = [candidate, overlap];
    }
    if (best === undefined) {
      onlySecond.push(item);
    } else {
      free.delete(best);
      pairs.push([best, item]);
    }
  }
  return { pairs, onlyFirst: [...free], onlySecond };
}

/** Area that two boxes share, as a part of the area that they cover together. */
export function intersectionOverUnion(a: Box, b: Box): number {
  const width = Math.min(a[2], b[2]) - Math.max(a[0], b[0]);
  const height = Math.min(a[3], b[3]) - Math.max(a[1], b[1]);
  const shared = width > 0 && height > 0 ? width * height : 0;
  const areaOf = ([x1, y1, x2, y2]: Box): number => Math.max(0, x2 - x1) * Math.max(0, y2 - y1);
  const union = areaOf(a) + areaOf(b) - shared;
  return union > 0 ? shared / union : 0;
}
