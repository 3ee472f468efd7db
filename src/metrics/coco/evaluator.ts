import type { Hits } from '../hits';
import { ClassTally, type CurveSums } from './class-tally';
import { matchObjects, type TrueObject } from './match';
import { type CocoParameters, recallPoints } from './parameters';

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

/** Which part of a figure's mean. */
export interface MeanOf {
  /** Index of the only overlap; all by default. */
  readonly threshold?: number;
  /** Index of the range of areas; 0 by default. */
  readonly area?: number;
  /** The only class; all by default. */
  readonly classId?: number;
}

/** Adds up images, a class at a time, and gives COCO's figures; memory grows by some 30 bytes a detection. */
export class CocoEvaluator {
  private readonly classes = new Map<number, ClassTally>();
  private readonly cache = new Map<string, CurveSums | undefined>();

  constructor(private readonly parameters: CocoParameters) {}

  /**
   * One class in one image.
   *
   * @param image its number from 0; images come in the order of the data set, so that equal scores are ordered as in
   * Python
   */
  add(
    image: number,
    classId: number,
    found: FoundObjects,
    truths: readonly TrueObject[],
    overlapsOf: OverlapsOf,
  ): void {
    if (found.scores.length === 0 && truths.length === 0) return;
    this.cache.clear();
    const { thresholds, areas, maxDetections } = this.parameters;
    const tally = this.classes.get(classId) ?? new ClassTally(areas.length);
    this.classes.set(classId, tally);
    const order = byScore(found.scores).slice(0, maxDetections.at(-1));
    const overlaps = overlapsOf(order);
    const sizes = order.map((index) => found.areas[index] as number);
    const matches = areas.map((range) => matchObjects(sizes, truths, overlaps, thresholds, range));
    tally.add(
      image,
      order.map((index) => found.scores[index] as number),
      matches,
    );
  }

  /** The classes that have a true object or a detection, ascending. */
  get classIds(): number[] {
    return [...this.classes.keys()].sort((a, b) => a - b);
  }

  /** What was added of a class: true objects that count, and detections, at most as many of an image as count. */
  counts(classId: number): { readonly truths: number; readonly found: number } {
    const tally = this.classes.get(classId);
    return { truths: tally?.truths(0) ?? 0, found: tally?.found ?? 0 };
  }

  /** Computes all figures in steps of some milliseconds; afterwards they are only read. */
  async prepare(pause: () => Promise<void>): Promise<void> {
    const { areas, maxDetections, thresholds } = this.parameters;
    for (const classId of this.classIds) {
      for (const area of areas.keys()) {
        for (const most of maxDetections.keys()) {
          for (const threshold of thresholds.keys()) {
            this.sums(classId, area, most, threshold);
            await pause();
          }
        }
      }
    }
  }

  /** What is reached with each right detection of a class, at one overlap and of all areas. */
  hits(classId: number, threshold: number): Hits | undefined {
    const most = this.parameters.maxDetections.at(-1) as number;
    return this.classes.get(classId)?.curve({ area: 0, most, threshold });
  }

  /** Average precision, a mean over classes and thresholds. */
  averagePrecision(of: MeanOf = {}): Mean {
    const mean = this.mean(of, this.parameters.maxDetections.length - 1, ({ precision }) => precision);
    return mean === undefined ? undefined : mean / recallPoints.length;
  }

  /** The average precision of all areas and overlaps, with each image counted as often as `weights` says. */
  weightedPrecision(weights: ArrayLike<number>): Mean {
    let [sum, count] = [0, 0];
    for (const tally of this.classes.values()) {
      const precision = tally.weightedPrecision(weights, this.parameters.thresholds.length);
      if (precision === undefined) continue;
      sum += precision / recallPoints.length;
      count++;
    }
    return count === 0 ? undefined : sum / count;
  }

  /** Average recall with the `most`th number of detections an image, the last one by default. */
  averageRecall({ most, ...of }: MeanOf & { readonly most?: number } = {}): Mean {
    return this.mean(of, most ?? this.parameters.maxDetections.length - 1, ({ recall }) => recall);
  }

  private mean({ threshold, area = 0, classId }: MeanOf, most: number, pick: (sums: CurveSums) => number): Mean {
    const thresholds = threshold === undefined ? [...this.parameters.thresholds.keys()] : [threshold];
    let [sum, count] = [0, 0];
    for (const id of classId === undefined ? this.classIds : [classId]) {
      for (const t of thresholds) {
        const sums = this.sums(id, area, most, t);
        if (sums === undefined) continue;
        sum += pick(sums);
        count++;
      }
    }
    return count === 0 ? undefined : sum / count;
  }

  private sums(classId: number, area: number, mostIndex: number, threshold: number): CurveSums | undefined {
    const at = { area, most: this.parameters.maxDetections[mostIndex] as number, threshold };
    const key = `${classId} ${area} ${mostIndex} ${threshold}`;
    if (!this.cache.has(key)) this.cache.set(key, this.classes.get(classId)?.sums(at));
    return this.cache.get(key);
  }
}

/** Indices by falling score; equal ones in their order. */
function byScore(scores: readonly number[]): number[] {
  return Array.from(scores.keys()).sort((a, b) => (scores[b] as number) - (scores[a] as number));
}
