import { intersectionOverUnion, matchObjects } from '../../agreement/match-objects';
import type { TrueObject } from '../../datasets/truth';
import type { Box } from '../../results';
import type { ConfusionCount } from '../task-evaluator';

/** Objects with a score above this are counted. */
export const confusionThreshold = 0.5;
const minOverlap = 0.5;

interface Found {
  readonly classId: number;
  readonly score: number;
  readonly box: Box;
}

/** Counts which true classes were taken for which, and how good each image's result is. */
export class ConfusionTally {
  private readonly counts = new Map<string, ConfusionCount>();

  /**
   * Pairs objects by the overlap of their boxes, whatever their classes; what overlaps an ignored object most is left
   * out.
   *
   * @returns the F1 score of the image: 1 if all and only the true objects were found with their classes
   */
  addObjects(found: readonly Found[], truths: readonly TrueObject[]): number {
    const confident = found.filter(({ score }) => score > confusionThreshold);
    const boxes = truths.map(({ box: [x, y, width, height], classId, ignored }) => {
      return { classId: 0, trueClass: classId, ignored, box: [x, y, x + width, y + height] as const };
    });
    const real = boxes.filter(({ ignored }) => !ignored);
    const ignored = boxes.filter((one) => one.ignored);
    const anyClass = confident.map(({ classId, score, box }) => ({ classId: 0, foundClass: classId, score, box }));
    const { pairs, onlyFirst, onlySecond } = matchObjects(real, anyClass, minOverlap);
    const wrong = onlySecond.filter(({ box }) => {
      return !ignored.some((one) => intersectionOverUnion(one.box, box) >= minOverlap);
    });
    for (const [truth, object] of pairs) this.count(truth.trueClass, object.foundClass);
    for (const { trueClass } of onlyFirst) this.count(trueClass, undefined);
    for (const { foundClass } of wrong) this.count(undefined, foundClass);
    const right = pairs.filter(([truth, object]) => truth.trueClass === object.foundClass).length;
    const total = 2 * pairs.length + onlyFirst.length + wrong.length;
    return total === 0 ? 1 : (2 * right) / total;
  }

  count(truth: number | undefined, predicted: number | undefined, times = 1): void {
    const key = `${truth} ${predicted}`;
    this.counts.set(key, { truth, predicted, count: (this.counts.get(key)?.count ?? 0) + times });
  }

  get confusions(): readonly ConfusionCount[] {
    return [...this.counts.values()];
  }
}
