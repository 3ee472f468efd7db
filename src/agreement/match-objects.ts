import type { Box } from '../results';

/** The properties by which pairs are matched. */
export interface Matchable {
  readonly classId: number;
  readonly box: Box;
  readonly score?: number | undefined;
}

/** Objects that match between two lists, and those in only one of them. */
export interface Matches<A, B> {
  readonly pairs: readonly (readonly [A, B])[];
  readonly onlyFirst: readonly A[];
  readonly onlySecond: readonly B[];
}

/**
 * Pairs objects of one class whose boxes overlap by at least `iou`: in the order of the second list (best score first),
 * each is matched with the unmatched object that it overlaps most; if several overlap equally, with the one whose score
 * is closest.
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
    const offBy = ({ score = 1 }: A): number => Math.abs(score - (item.score ?? 1));
    for (const candidate of free) {
      if (candidate.classId !== item.classId) continue;
      const overlap = intersectionOverUnion(candidate.box, item.box);
      const ties = overlap === bestOverlap && (best === undefined || offBy(candidate) < offBy(best));
      if (overlap > bestOverlap || ties) [best, bestOverlap] = [candidate, overlap];
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

/**
 * Intersection over union of two boxes. Boxes thinner than a pixel, which may have no area, are extended by half a
 * pixel on each side.
 */
export function intersectionOverUnion(a: Box, b: Box): number {
  const thin = [a, b].some(([left, top, right, bottom]) => right - left < 1 || bottom - top < 1);
  const around = thin ? 1 : 0;
  const side = (from: number, to: number): number => Math.max(0, to - from + around);
  const intersection =
    side(Math.max(a[0], b[0]), Math.min(a[2], b[2])) * side(Math.max(a[1], b[1]), Math.min(a[3], b[3]));
  const area = (box: Box): number => side(box[0], box[2]) * side(box[1], box[3]);
  const union = area(a) + area(b) - intersection;
  return union > 0 ? intersection / union : 0;
}
