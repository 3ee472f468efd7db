import type { Agreement } from '../agreement/agreements';
import type { ResultTable } from '../display/result-table';
import type { SceneObject } from '../drawing/annotators/annotator';
import type { AnnotatorChoice } from '../drawing/annotators/annotators';
import type { CocoNumbers, CocoRecord } from './coco-records';

/** A thing that was found: an object, a person, a class of an image, or the pixels of a class (which have no score). */
export interface Finding {
  readonly classId: number;
  readonly label: string;
  readonly score: number | undefined;
}

/** A true class and the one that was predicted in its place, so many times; undefined is "nothing there". */
export type Confusion = readonly [truth: number | undefined, predicted: number | undefined, count: number];

/** How results are held against the truth. */
export interface EvaluationOptions {
  /** What has a score above this counts, 0 to 1. */
  readonly threshold: number;
  /** How much a box has to overlap the true one (IoU), 0 to 1. */
  readonly iou: number;
}

/**
 * What can be done with the results of a task, beside reading them: they are counted, drawn, listed, saved, compared and
 * evaluated. Every part may be missing.
 *
 * @typeParam R the result of the task
 */
export interface TaskParts<R> {
  /** What is counted in captions and headlines, such as `['person', 'people']`. */
  readonly nouns?: readonly [one: string, many: string];
  /** Each thing that was found, for counts and charts. */
  found?(result: R): readonly Finding[];
  /**
   * What `visualize` draws, best score first; boxes in pixels of the original image, origin top left. Without it there
   * are no boxes, masks or joints to draw.
   *
   * @param name the name of a class as pictures write it
   */
  objects?(result: R, name: (classId: number) => string): readonly SceneObject[];
  /** What `visualize` draws it with where no `annotators` are asked for. */
  readonly annotators?: readonly AnnotatorChoice[];
  /** Its table in a notebook, at a prompt and in the shell: short numbers. */
  table?(result: R): ResultTable;
  /** Its rows in CSV files: whole numbers, columns as `class_id`. */
  csv?(result: R): ResultTable;
  /** Its records in COCO's format of results; without it, the task has no place there. */
  coco?(result: R, numbers: CocoNumbers): readonly CocoRecord[];
  /** How it agrees with what a baseline found in the same image; undefined where the two can't be compared. */
  compare?(baseline: R, result: R): Agreement | undefined;
  /** What was taken for what, for a confusion matrix. */
  confusions?(result: R, truth: R, options: EvaluationOptions): readonly Confusion[];
}
