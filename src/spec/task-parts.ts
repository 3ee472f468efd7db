import type { Agreement } from '../agreement/agreements';
import type { ResultTable } from '../display/result-table';
import type { SceneObject } from '../drawing/annotators/annotator';
import type { AnnotatorChoice } from '../drawing/annotators/annotators';
import type { CocoNumbers, CocoRecord } from '../metrics/coco/records';
import type { EvaluatorOptions, TaskEvaluator } from '../metrics/task-evaluator';

/** A finding: an object, a person, a class of an image, or the pixels of a class (which have no score). */
export interface Finding {
  readonly classId: number;
  readonly label: string;
  readonly score: number | undefined;
}

/** A true class, the predicted class, and the number of occurrences; undefined means "nothing there". */
export type Confusion = readonly [truth: number | undefined, predicted: number | undefined, count: number];

/** How results are compared with the ground truth. */
export interface EvaluationOptions {
  /** Only findings with a score above this are counted, 0 to 1. */
  readonly threshold: number;
  /** Minimum overlap (IoU) of a box with the true one, 0 to 1. */
  readonly iou: number;
}

/**
 * The operations on the results of a task, except reading them: counting, drawing, listing, saving, comparing and
 * evaluating. Every part is optional.
 *
 * @typeParam R the result of the task
 */
export interface TaskParts<R> {
  /** The noun for findings in captions and headlines, such as `['person', 'people']`. */
  readonly nouns?: readonly [one: string, many: string];
  /** Each finding, for counts and charts. */
  found?(result: R): readonly Finding[];
  /**
   * The objects drawn by `visualize`, best score first; boxes in pixels of the original image, origin top left. Without
   * this part there are no boxes, masks or joints to draw.
   *
   * @param name the label of a class in pictures
   */
  objects?(result: R, name: (classId: number) => string): readonly SceneObject[];
  /** The default `annotators` of `visualize`. */
  readonly annotators?: readonly AnnotatorChoice[];
  /** Its table in a notebook, at a prompt and in the shell, with rounded numbers. */
  table?(result: R): ResultTable;
  /** Its rows in CSV files: full numbers, columns such as `class_id`. */
  csv?(result: R): ResultTable;
  /** Its records in COCO's results format; without this part, the task is not supported there. */
  coco?(result: R, numbers: CocoNumbers): readonly CocoRecord[];
  /** Its agreement with a baseline's result for the same image; undefined if the two can't be compared. */
  compare?(baseline: R, result: R): Agreement | undefined;
  /** The confusions between classes, for a confusion matrix. */
  confusions?(result: R, truth: R, options: EvaluationOptions): readonly Confusion[];
  /** Makes the figures of a data set, for `evaluate`. */
  evaluator?(options: EvaluatorOptions): TaskEvaluator<R>;
}
