import { PaddleLabError } from './errors';
import type { CocoRecord } from './metrics/coco/records';
import { integer, listOf, type OptionChecks, readOptions } from './options';
import type { PredictResult } from './results';
import { taskOf } from './tasks/tasks';

export type { CocoKeypoints, CocoObject, CocoRecord, CocoSegment } from './metrics/coco/records';

/** Options of `toCoco`. */
export interface ToCocoOptions {
  /** COCO's image id; 0 by default. */
  readonly imageId?: number;
  /** COCO's category id of each class, indexed by `classId`; by default `classId` itself, as in Paddle's scripts. */
  readonly categoryIds?: readonly number[];
}

const checks = {
  imageId: integer(0),
  categoryIds: listOf('array of numbers by classId', integer(0)),
} satisfies OptionChecks<ToCocoOptions>;

/**
 * Converts a result to COCO's results format, for pycocotools (`COCO.loadRes`). A rotated box has its four corners as
 * `segmentation`, which COCO's tools compare with `iouType='segm'`, and its upright bounding box as `bbox`. The format
 * does not support classifications and raw tensors; results of custom tasks are supported if the task defines `objects`
 * or `coco`.
 *
 * @throws PaddleLabError INVALID_ARGUMENT, UNKNOWN_OPTION
 *
 * @example
 * import { toCoco } from 'paddlelab';
 * const records = toCoco(result, { imageId: 1, categoryIds: [1, 2, 3, 4, 5] });
 * JSON.stringify(records);
 *
 * @throws PaddleLabError INVALID_ARGUMENT
 */
export function toCoco(result: PredictResult, options: ToCocoOptions = {}): CocoRecord[] {
  const { imageId = 0, categoryIds } = readOptions('toCoco', options, checks);
  const categoryId = (classId: number): number => {
    const category = categoryIds === undefined ? classId : categoryIds[classId];
    if (category !== undefined) return category;
    const text = `Expected a number for class ${classId} in categoryIds but there are ${categoryIds?.length}`;
    throw new PaddleLabError('INVALID_ARGUMENT', text);
  };
  const records = taskOf(result).coco?.(result, { imageId, categoryId });
  if (records !== undefined) return [...records];
  throw new PaddleLabError(
    'INVALID_ARGUMENT',
    `Expected a result with boxes, joints or segments for COCO but received kind "${result.kind}"`,
  );
}
