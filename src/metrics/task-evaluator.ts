import type { ImageTruth } from '../datasets/truth';

/** A figure of a whole data set, such as AP50; between 0 and 1, higher is better. */
export interface Figure {
  readonly name: string;
  /** In words, such as `average precision at an overlap of 0.5`. */
  readonly meaning: string;
  /** Undefined if the data set has nothing to measure it on, such as no small object. */
  readonly value: number | undefined;
}

/** A column of the table of classes. */
export interface ClassColumn {
  readonly name: string;
  /** `share`: 0 to 1, shown in percent; `count`: how many. */
  readonly unit: 'share' | 'count';
}

/** A column of figures from 0 to 1. */
export function share(name: string): ClassColumn {
  return { name, unit: 'share' };
}

/** A column of counts. */
export function count(name: string): ClassColumn {
  return { name, unit: 'count' };
}

/** The figures of one class, in the order of `EvaluationFigures.classColumns`. */
export interface ClassFigures {
  readonly classId: number;
  readonly label: string;
  readonly values: readonly (number | undefined)[];
}

/** Precision by recall of one class, in order of rising recall, with the score at which each is reached. */
export interface PrecisionRecall {
  readonly classId: number;
  readonly label: string;
  readonly recall: readonly number[];
  readonly precision: readonly number[];
  readonly scores: readonly number[];
  /** Area under the curve, with all points; 0 to 1. */
  readonly averagePrecision: number;
}

/** A true class, the predicted class, and how often; undefined means "nothing there". */
export interface ConfusionCount {
  readonly truth: number | undefined;
  readonly predicted: number | undefined;
  readonly count: number;
}

/** What a model reaches on a data set. */
export interface EvaluationFigures {
  /** The first one is the task's main figure: AP, mIoU, top-1. */
  readonly figures: readonly [Figure, ...Figure[]];
  readonly classColumns: readonly ClassColumn[];
  readonly classes: readonly ClassFigures[];
  /** Of tasks with scores, at an overlap of 0.5. */
  readonly curves?: readonly PrecisionRecall[];
  readonly confusions?: readonly ConfusionCount[];
}

/** Compares the results of a task with what is true, image by image, and gives the figures of all of them. */
export interface TaskEvaluator<R> {
  /** The kind of truth that it needs. */
  readonly truth: ImageTruth['kind'];
  /**
   * Adds one image; images come in the order of the data set.
   *
   * @returns how good this image's result is, 0 to 1, to find the worst ones: the F1 score, the mean IoU, the
   * probability of the true class
   */
  add(result: R, truth: ImageTruth): number;
  /** The figures of all images so far. */
  figures(): Promise<EvaluationFigures>;
  /**
   * The main figure with each image counted as often as `weights` says, in the order of `add`: for intervals by
   * resampling images.
   */
  mainFigure(weights: ArrayLike<number>): number | undefined;
}

/** How a task is evaluated. */
export interface EvaluatorOptions {
  /** Names of the classes, by the model's numbers; those of the truth are the same. */
  readonly labels: readonly string[];
  /** Of boxes, masks and joints: COCO's average precision, or that of PASCAL VOC (2010 on) or VOC 2007 (11 points). */
  readonly metric?: 'coco' | 'voc' | 'voc2007';
  /** The number of classes of the model or, if it does not say, of the data set; undefined if neither says. */
  readonly classes?: number;
  /** From what score a class of a multi-label model counts as found, for the confusions and the worst images; default 0.5. */
  readonly threshold?: number;
}
