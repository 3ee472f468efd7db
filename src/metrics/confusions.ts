import type { ConfusionCount } from './task-evaluator';

/** From what score and overlap objects are counted in confusions. */
export const confusionScore = 0.5;
export const confusionOverlap = 0.5;

/** Counts pairs of a true and a predicted class; undefined means "nothing there". */
export class ConfusionCounts {
  private readonly counts = new Map<
    string,
    { truth: number | undefined; predicted: number | undefined; count: number }
  >();

  add(truth: number | undefined, predicted: number | undefined, times = 1): void {
    const key = `${truth} ${predicted}`;
    const cell = this.counts.get(key) ?? { truth, predicted, count: 0 };
    cell.count += times;
    this.counts.set(key, cell);
  }

  get all(): readonly ConfusionCount[] {
    return [...this.counts.values()];
  }
}

/**
 * Counts the objects of one image whatever their class: in the order of scores, each is paired with the true object
 * that it overlaps most of those still free. What only overlaps objects that are ignored is left out, as they are.
 *
 * @param found best score first
 * @param overlaps of detection `d` and true object `g` at `d * truths.length + g`
 * @returns the F1 score of the image: of what was found and is true, the part that agrees in place and class; 1 if both
 * are nothing
 */
export function countConfusions(
  counts: ConfusionCounts,
  found: readonly { readonly classId: number }[],
  truths: readonly { readonly classId: number; readonly ignored: boolean }[],
  overlaps: Float64Array,
): number {
  const free = new Set(truths.keys());
  let [right, wrong] = [0, 0];
  for (const [d, { classId }] of found.entries()) {
    let [best, bestOverlap, overIgnored] = [undefined as number | undefined, confusionOverlap, false];
    for (const [g, truth] of truths.entries()) {
      const overlap = overlaps[d * truths.length + g] as number;
      if (truth.ignored) overIgnored ||= overlap >= confusionOverlap;
      else if (free.has(g) && (best === undefined ? overlap >= bestOverlap : overlap > bestOverlap)) {
        [best, bestOverlap] = [g, overlap];
      }
    }
    if (best === undefined && overIgnored) continue;
    const truth = best === undefined ? undefined : truths[best]?.classId;
    if (best !== undefined) free.delete(best);
    counts.add(truth, classId);
    if (truth === classId) right++;
    else wrong++;
  }
  for (const g of free) if (!truths[g]?.ignored) counts.add(truths[g]?.classId, undefined);
  const real = truths.filter(({ ignored }) => !ignored).length;
  return right + wrong + real === 0 ? 1 : (2 * right) / (right + wrong + real);
}
