import { byteColumn, doubleColumn, indexColumn } from '../column';
import type { Hits } from '../hits';
import { byFallingScore } from '../order';
import { type VocRule, vocAveragePrecision } from './average-precision';

/** One class over the images so far; 13 bytes a detection that counts. */
class VocTally {
  readonly scores = doubleColumn();
  readonly right = byteColumn();
  readonly images = indexColumn();
  readonly trueImages = indexColumn();
  readonly trueCounts = indexColumn();
  truths = 0;
  found = 0;
  order: Uint32Array | undefined;
}

/**
 * Average precision as PaddleDetection's `DetectionMAP`, which its VOC and rotated metrics use: a detection is right if
 * the true object of its class that it overlaps most is overlapped by more than 0.5 and not found before; over one that
 * is ignored (VOC's `difficult`) it does not count.
 */
export class VocEvaluator {
  private readonly classes = new Map<number, VocTally>();

  constructor(
    private readonly rule: VocRule,
    private readonly threshold = 0.5,
  ) {}

  /**
   * One class in one image.
   *
   * @param image its place in the data set
   * @param scores in the order of the result, which decides who is first at a true object
   * @param overlaps of detection `d` and true object `g` at `d * truths.length + g`
   */
  add(
    image: number,
    classId: number,
    scores: readonly number[],
    truths: readonly { readonly ignored: boolean }[],
    overlaps: Float64Array,
  ): void {
    const tally = this.classes.get(classId) ?? new VocTally();
    this.classes.set(classId, tally);
    tally.order = undefined;
    const counting = truths.filter(({ ignored }) => !ignored).length;
    tally.truths += counting;
    tally.found += scores.length;
    if (counting > 0) {
      tally.trueImages.push(image);
      tally.trueCounts.push(counting);
    }
    const taken = new Set<number>();
    for (const [d, score] of scores.entries()) {
      let [best, most] = [-1, -1];
      for (let g = 0; g < truths.length; g++) {
        const overlap = overlaps[d * truths.length + g] as number;
        if (overlap > most) [best, most] = [g, overlap];
      }
      const over = most > this.threshold;
      if (over && truths[best]?.ignored) continue;
      tally.scores.push(score);
      tally.images.push(image);
      tally.right.push(over && !taken.has(best) ? 1 : 0);
      if (over) taken.add(best);
    }
  }

  get classIds(): number[] {
    return [...this.classes.keys()].sort((a, b) => a - b);
  }

  counts(classId: number): { readonly truths: number; readonly found: number } {
    const { truths = 0, found = 0 } = this.classes.get(classId) ?? {};
    return { truths, found };
  }

  /** Of one class, undefined if it has no true object; or the mean over the classes that have one. */
  averagePrecision(classId?: number, weights?: ArrayLike<number>): number | undefined {
    const chosen = classId === undefined ? [...this.classes.values()] : [this.classes.get(classId)];
    const values = chosen
      .map((tally) => tally && this.precisionOf(tally, weights))
      .filter((value) => value !== undefined);
    return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length;
  }

  /** Recall, precision and score with each right detection. */
  hits(classId: number): Hits | undefined {
    const tally = this.classes.get(classId);
    if (tally === undefined || tally.truths === 0) return undefined;
    const [order, right, scores] = [orderOf(tally), tally.right.values, tally.scores.values];
    const ranks = indexColumn();
    for (let rank = 0; rank < order.length; rank++) if (right[order[rank] as number] === 1) ranks.push(rank);
    return {
      recalls: Float64Array.from(ranks.values, (_, i) => (i + 1) / tally.truths),
      precisions: Float64Array.from(ranks.values, (rank, i) => (i + 1) / (rank + 1)),
      scores: Float64Array.from(ranks.values, (rank) => scores[order[rank] as number] as number),
    };
  }

  private precisionOf(tally: VocTally, weights: ArrayLike<number> | undefined): number | undefined {
    const [order, right, images] = [orderOf(tally), tally.right.values, tally.images.values];
    if (weights === undefined) {
      const ranked = Uint8Array.from(order, (index) => right[index] as number);
      return tally.truths === 0 ? undefined : vocAveragePrecision(ranked, tally.truths, this.rule);
    }
    const [trueImages, trueCounts] = [tally.trueImages.values, tally.trueCounts.values];
    let truths = 0;
    for (const [i, image] of trueImages.entries()) truths += (weights[image] ?? 0) * (trueCounts[i] as number);
    if (truths === 0) return undefined;
    const ranked = byteColumn();
    for (const index of order) {
      const times = weights[images[index] as number] ?? 0;
      for (let copy = 0; copy < times; copy++) ranked.push(right[index] as number);
    }
    return vocAveragePrecision(ranked.values, truths, this.rule);
  }
}

function orderOf(tally: VocTally): Uint32Array {
  tally.order ??= byFallingScore(tally.scores.values);
  return tally.order;
}
