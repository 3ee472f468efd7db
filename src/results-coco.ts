import { PaddleLabError } from './errors';
import { rleArea } from './image/rle';
import type { PredictResult, RleMask } from './results';
import { checkOptions } from './validate';

interface CocoBase {
  readonly image_id: number;
  readonly category_id: number;
}

/** An object in COCO's format of results; `bbox` is `[x, y, width, height]`. */
export interface CocoObject extends CocoBase {
  readonly bbox: readonly number[];
  readonly score: number;
  readonly segmentation?: RleMask;
  readonly area?: number;
}

/** Joints in COCO's format of results: x, y and score of each, one after another. */
export interface CocoKeypoints extends CocoBase {
  readonly keypoints: readonly number[];
  readonly score: number;
}

/** Pixels of a class in COCO's format of "stuff". */
export interface CocoSegment extends CocoBase {
  readonly segmentation: RleMask;
}

export type CocoRecord = CocoObject | CocoKeypoints | CocoSegment;

export interface ToCocoOptions {
  /** COCO's number of the image; 0 by default. */
  readonly imageId?: number;
  /** COCO's number of each class, by `classId`; by default `classId` itself, as in Paddle's scripts. */
  readonly categoryIds?: readonly number[];
}

/**
 * A result as records of COCO's format of results, which pycocotools loads (`COCO.loadRes`). Of rotated boxes the
 * upright ones around them are written; classifications and bare tensors have no place there.
 *
 * @throws PaddleLabError INVALID_ARGUMENT, UNKNOWN_OPTION
 *
 * @example
 * import { toCoco } from 'paddlelab';
 * const records = toCoco(result, { imageId: 1, categoryIds: [1, 2, 3, 4, 5] });
 * JSON.stringify(records);
 */
export function toCoco(result: PredictResult, options: ToCocoOptions = {}): CocoRecord[] {
  checkOptions('toCoco', options, ['imageId', 'categoryIds']);
  const { imageId = 0, categoryIds } = options;
  const base = (classId: number): CocoBase => {
    const category = categoryIds === undefined ? classId : categoryIds[classId];
    if (category !== undefined) return { image_id: imageId, category_id: category };
    const text = `Expected a number for class ${classId} in categoryIds but there are ${categoryIds?.length}`;
    throw new PaddleLabError('INVALID_ARGUMENT', text);
  };
  switch (result.kind) {
    case 'detection':
    case 'rotated-detection':
    case 'instance-segmentation':
      return result.detections.map((detection) => {
        const [x1, y1, x2, y2] = detection.box;
        const record = { ...base(detection.classId), bbox: [x1, y1, x2 - x1, y2 - y1], score: detection.score };
        if (!('mask' in detection)) return record;
        return { ...record, segmentation: detection.mask, area: rleArea(detection.mask) };
      });
    case 'keypoints':
      return result.people.map(({ keypoints, score }) => {
        const flat = keypoints.flatMap((joint) => [joint.x, joint.y, joint.score]);
        return { ...base(0), keypoints: flat, score };
      });
    case 'semantic-segmentation':
      return result.segments.map(({ classId, mask }) => ({ ...base(classId), segmentation: mask }));
    default:
      throw new PaddleLabError(
        'INVALID_ARGUMENT',
        `Expected a result with boxes, joints or segments for COCO but received kind "${result.kind}"`,
      );
  }
}
