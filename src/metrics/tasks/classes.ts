import type { ImageTruth } from '../../datasets/truth';
import type { ClassificationResult } from '../../results';
import { invalidArgument } from '../../validate';
import { doubleColumn, indexColumn } from '../column';
import { ConfusionCounts } from '../confusions';
import { byFallingScore } from '../order';
import { pauses } from '../pause';
import {
  count,
  type EvaluationFigures,
  type EvaluatorOptions,
  type Figure,
  share,
  type TaskEvaluator,
} from '../task-evaluator';

/** From what score a class of a multi-label model counts as found, unless the model says. */
const defaultThreshold = 0.5;

/** How many classes top-5 looks at. */
const five = 5;

/** Scores of one class in images, and whether it is true there. */
class LabelTally {
  readonly scores = doubleColumn();
  readonly images = indexColumn();
  readonly trueImages = new Set<number>();
  order: Uint32Array | undefined;
}

/**
 * Evaluates classes of images: top-1 and top-5 as PaddleClas' `TopkAcc`, or for images with several true classes the mean
 * of the classes' average precision (`mean_average_precision` of PaddleClas 2.6, which is scikit-learn's
 * `average_precision_score`: equal scores are reached at once).
 */
export class ClassTaskEvaluator implements TaskEvaluator<ClassificationResult> {
  readonly truth = 'classes';
  private readonly confusions = new ConfusionCounts();
  private readonly labels = new Map<number, LabelTally>();
  /** Of each image: its true class, 1 if it is first, 1 if it is among five. */
  private readonly truths: number[] = [];
  private readonly first: number[] = [];
  private readonly amongFive: number[] = [];
  private several = false;
  /** The least number of classes in a result. */
  private fewest = Number.POSITIVE_INFINITY;
  private readonly threshold: number;

  constructor(private readonly options: EvaluatorOptions) {
    this.threshold = options.threshold ?? defaultThreshold;
  }

  /** @returns the score of the true class, 0 if it is not in the result; with several true classes the F1 score */
  add({ classes }: ClassificationResult, truth: ImageTruth): number {
    if (truth.kind !== 'classes') throw invalidArgument('truth.kind', '"classes"', truth.kind);
    const { classIds, multiLabel = classIds.length !== 1 } = truth;
    const image = this.truths.length;
    const ranked = [...classes].sort((a, b) => b.score - a.score).map(({ classId }) => classId);
    const [only] = classIds;
    if (multiLabel) this.several = true;
    this.fewest = Math.min(this.fewest, classes.length);
    this.truths.push(only ?? -1);
    this.first.push(only !== undefined && ranked[0] === only ? 1 : 0);
    this.amongFive.push(only !== undefined && ranked.slice(0, five).includes(only) ? 1 : 0);
    for (const classId of classIds) this.tally(classId).trueImages.add(image);
    for (const { classId, score } of classes) {
      const tally = this.tally(classId);
      tally.scores.push(score);
      tally.images.push(image);
      tally.order = undefined;
    }
    this.countConfusions(classes, classIds, multiLabel ? undefined : ranked[0]);
    if (!multiLabel) return Math.min(1, Math.max(0, classes.find(({ classId }) => classId === only)?.score ?? 0));
    const found = classes.filter(({ score }) => score >= this.threshold);
    const right = found.filter(({ classId }) => classIds.includes(classId)).length;
    const all = found.length + classIds.length;
    return all === 0 ? 1 : (2 * right) / all;
  }

  async figures(): Promise<EvaluationFigures> {
    return this.several ? this.multiLabelFigures() : this.singleLabelFigures();
  }

  mainFigure(weights: ArrayLike<number>): number | undefined {
    return this.several ? this.meanPrecision(weights) : weightedMean(this.first, weights);
  }

  private tally(classId: number): LabelTally {
    const tally = this.labels.get(classId) ?? new LabelTally();
    this.labels.set(classId, tally);
    return tally;
  }

  /** One pair an image; with several true classes those that are missing or too many. */
  private countConfusions(
    classes: ClassificationResult['classes'],
    truths: readonly number[],
    best: number | undefined,
  ): void {
    if (best !== undefined) {
      this.confusions.add(truths[0], best);
      return;
    }
    const found = new Set(classes.filter(({ score }) => score >= this.threshold).map(({ classId }) => classId));
    for (const classId of truths) this.confusions.add(classId, found.has(classId) ? classId : undefined);
    for (const classId of found) if (!truths.includes(classId)) this.confusions.add(undefined, classId);
  }

  private singleLabelFigures(): EvaluationFigures {
    const tallies = new Map<number, { images: number; right: number }>();
    for (const [image, classId] of this.truths.entries()) {
      const tally = tallies.get(classId) ?? { images: 0, right: 0 };
      tallies.set(classId, tally);
      tally.images++;
      tally.right += this.first[image] as number;
    }
    return {
      figures: [
        {
          name: 'top-1',
          meaning: 'part of the images whose best class is the true one',
          value: weightedMean(this.first),
        },
        {
          name: 'top-5',
          meaning: 'part of the images whose true class is among the best five',
          // Of fewer classes the true one may be missing, or can't be.
          value: this.fewest < five ? undefined : weightedMean(this.amongFive),
        },
      ],
      classColumns: [share('accuracy'), count('images')],
      classes: [...tallies]
        .sort(([a], [b]) => a - b)
        .map(([classId, { images, right }]) => ({
          ...{ classId, label: this.label(classId) },
          values: [right / images, images],
        })),
      confusions: this.confusions.all,
    };
  }

  private async multiLabelFigures(): Promise<EvaluationFigures> {
    const pause = pauses();
    const classes: EvaluationFigures['classes'][number][] = [];
    for (const [classId, tally] of [...this.labels].sort(([a], [b]) => a - b)) {
      const values = [averagePrecision(tally), tally.trueImages.size];
      classes.push({ classId, label: this.label(classId), values });
      await pause();
    }
    const main: Figure = {
      name: 'mAP',
      meaning: 'average precision of each class over the images, mean over classes',
      value: this.meanPrecision(undefined),
    };
    return { figures: [main], classColumns: [share('AP'), count('images')], classes, confusions: this.confusions.all };
  }

  private meanPrecision(weights: ArrayLike<number> | undefined): number | undefined {
    const values = [...this.labels.values()].flatMap((tally) => averagePrecision(tally, weights) ?? []);
    return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length;
  }

  private label(classId: number): string {
    return this.options.labels[classId] ?? String(classId);
  }
}

function weightedMean(values: readonly number[], weights?: ArrayLike<number>): number | undefined {
  let [sum, total] = [0, 0];
  for (let i = 0; i < values.length; i++) {
    const weight = weights === undefined ? 1 : (weights[i] ?? 0);
    sum += weight * (values[i] as number);
    total += weight;
  }
  return total === 0 ? undefined : sum / total;
}

/**
 * Sum over falling scores of the precision times the step of the recall, equal scores at once (scikit-learn). A true class
 * that a result does not list is not found at any score. Undefined where the class is never true.
 */
function averagePrecision(tally: LabelTally, weights?: ArrayLike<number>): number | undefined {
  const { trueImages } = tally;
  const weightOf = (image: number): number => (weights === undefined ? 1 : (weights[image] ?? 0));
  let truths = 0;
  for (const image of trueImages) truths += weightOf(image);
  if (truths === 0) return undefined;
  const [scores, images] = [tally.scores.values, tally.images.values];
  tally.order ??= byFallingScore(scores);
  const { order } = tally;
  let [area, right, seen, counted] = [0, 0, 0, 0];
  for (let i = 0; i < order.length; i++) {
    const index = order[i] as number;
    const image = images[index] as number;
    seen += weightOf(image);
    if (trueImages.has(image)) right += weightOf(image);
    const ties = i + 1 < order.length && scores[order[i + 1] as number] === scores[index];
    if (ties || right === counted) continue;
    area += (right / seen) * ((right - counted) / truths);
    counted = right;
  }
  return area;
}
