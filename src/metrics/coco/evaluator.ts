import { matchObjects, type TrueObject } from './match';
import type { CocoParameters } from './parameters';
import { type PrecisionCurve, precisionCurve } from './precision-recall';

/** The objects of one class that were found in an image. */
export interface FoundObjects {
  readonly scores: readonly number[];
  /** In pixels. */
  readonly areas: readonly number[];
}

/** Overlaps of detections (by their indices, best score first) with true objects, row by row. */
export type OverlapsOf = (detections: readonly number[]) => Float64Array;

/** Mean of a figure over thresholds and classes; undefined where no class has a true object. */
export type Mean = number | undefined;

/** Adds up images, a class at a time, and gives COCO's figures; memory grows by some 40 bytes a detection. */
export class CocoEvaluator {
  private readonly classes = new Map<number, ClassTally>();

  constructor(private readonly parameters: CocoParameters) {}

  /** One class in one image. Images come in the order of the data set, so that equal scores are ordered as in Python. */
  add(classId: number, found: FoundObjects, truths: readonly TrueObject[], overlapsOf: OverlapsOf): void {
    if (found.scores.length === 0 && truths.length === 0) return;
    const { thresholds, areas, maxDetections } = this.parameters;
    const tally = this.classes.get(classId) ?? new ClassTally(areas.length);
    this.classes.set(classId, tally);
    const order = byScore(found.scores).slice(0, maxDetections.at(-1));
    const overlaps = overlapsOf(order);
    const sizes = order.map((index) => found.areas[index] as number);
    const matches = areas.map((range) => matchObjects(sizes, truths, overlaps, thresholds, range));
    tally.add(
      order.map((index) => found.scores[index] as number),
      matches,
    );
  }

  /** The classes that have a true object or a detection, ascending. */
  get classIds(): number[] {
    return [...this.classes.keys()].sort((a, b) => a - b);
  }

  /** Curve of one class; undefined where there is no true object of it in this range of areas. */
  curve(classId: number, at: { area?: number; most?: number; threshold: number }): PrecisionCurve | undefined {
    const most = this.parameters.maxDetections.at(at.most ?? -1) as number;
    return this.classes.get(classId)?.curve(at.area ?? 0, most, at.threshold);
  }

  /**
   * Average precision, a mean over classes and thresholds.
   *
   * @param at `threshold` by its index, all by default; `area` by its index, 0 by default; `classId` one class only
   */
  averagePrecision(at: { threshold?: number; area?: number; classId?: number } = {}): Mean {
    return this.mean(at, -1, ({ precision }) => precision);
  }

  /** Average recall with the `most`th number of detections an image. */
  averageRecall(at: { most?: number; area?: number; threshold?: number; classId?: number } = {}): Mean {
    return this.mean(at, at.most ?? -1, ({ recall }) => [recall]);
  }

  private mean(
    { threshold, area = 0, classId }: { threshold?: number; area?: number; classId?: number },
    most: number,
    pick: (curve: PrecisionCurve) => ArrayLike<number>,
  ): Mean {
    const chosen = threshold === undefined ? [...this.parameters.thresholds.keys()] : [threshold];
    let [sum, count] = [0, 0];
    for (const id of classId === undefined ? this.classIds : [classId]) {
      for (const t of chosen) {
        const curve = this.curve(id, { area, most, threshold: t });
        if (curve === undefined) continue;
        const values = pick(curve);
        for (let i = 0; i < values.length; i++) sum += values[i] as number;
        count += values.length;
      }
    }
    return count === 0 ? undefined : sum / count;
  }
}

/** Indices by falling score; equal ones in their order. */
function byScore(scores: ArrayLike<number>): number[] {
  return Array.from({ length: scores.length }, (_, index) => index).sort(
    (a, b) => (scores[b] as number) - (scores[a] as number),
  );
}

type ImageMatches = readonly {
  readonly matched: Uint16Array;
  readonly ignored: Uint16Array;
  readonly truths: number;
}[];

/** The detections of one class over the images so far. */
class ClassTally {
  private readonly scores: number[] = [];
  /** Place of each among those of its image. */
  private readonly ranks: number[] = [];
  private readonly matched: number[][];
  private readonly ignored: number[][];
  private readonly truths: number[];
  private order: number[] | undefined;

  constructor(areas: number) {
    this.matched = Array.from({ length: areas }, () => []);
    this.ignored = Array.from({ length: areas }, () => []);
    this.truths = Array<number>(areas).fill(0);
  }

  add(scores: readonly number[], matches: ImageMatches): void {
    this.order = undefined;
    for (const [rank, score] of scores.entries()) {
      this.scores.push(score);
      this.ranks.push(rank);
    }
    for (const [area, { matched, ignored, truths }] of matches.entries()) {
      for (let i = 0; i < scores.length; i++) {
        this.matched[area]?.push(matched[i] as number);
        this.ignored[area]?.push(ignored[i] as number);
      }
      this.truths[area] = (this.truths[area] as number) + truths;
    }
  }

  curve(area: number, most: number, threshold: number): PrecisionCurve | undefined {
    const truths = this.truths[area] as number;
    if (truths === 0) return undefined;
    this.order ??= byScore(this.scores);
    const kept = this.order.filter((index) => (this.ranks[index] as number) < most);
    const [matched, ignored] = [this.matched[area] as number[], this.ignored[area] as number[]];
    return precisionCurve(
      {
        scores: Float64Array.from(kept, (index) => this.scores[index] as number),
        matched: Uint16Array.from(kept, (index) => matched[index] as number),
        ignored: Uint16Array.from(kept, (index) => ignored[index] as number),
        truths,
      },
      threshold,
    );
  }
}
