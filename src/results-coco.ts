import { PaddleLabError } from './errors';
import { rleArea } from './image/rle';
import type { PredictResult, RleMask } from './results';
import { checkOptions } from './validate';

interface CocoBase {
  readonly image_id: number;
  readonly category_id: number;
}

/** An object in COCO's format of results. */
export interface CocoObject extends CocoBase {
  /** `[x, y, width, height]`; of a rotated box the upright one around it. */
  readonly bbox: readonly number[];
  readonly score: number;
  /** A mask as run lengths, or a rotated box as a list with one polygon, `[[x1, y1, x2, y2, x3, y3, x4, y4]]`. */
  readonly segmentation?: RleMask | readonly (readonly number[])[];
  /** Of the mask or the polygon, in pixels; pycocotools puts that of `bbox` in its place when it loads results. */
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
 * A result as records of COCO's format of results, which pycocotools loads (`COCO.loadRes`). A rotated box has its four
 * corners as `segmentation`, which COCO's tools compare with `iouType='segm'`, and the upright box around them as `bbox`;
 * classifications, bare tensors and results of your own tasks have no place there.
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
        if ('mask' in detection) return { ...record, segmentation: detection.mask, area: rleArea(detection.mask) };
        if (!('corners' in detection)) return record;
        return { ...record, segmentation: [detection.corners], area: polygonArea(detection.corners) };
      });
    case 'keypoints':
      return result.people.map(({ keypoints, score }) => {
        const flat = keypoints.flatMap((joint) => [joint.x, joint.y, joint.score]);
        return { ...base(0), keypoints: flat, score };
      });
    case 'semantic-segmentation':
      return result.segments.map(({ classId, mask }) => ({ ...base(classId), segmentation: mask }));
    case 'classification':
    case 'tensors':
    case 'custom':
      throw new PaddleLabError(
        'INVALID_ARGUMENT',
        `Expected a result with boxes, joints or segments for COCO but received kind "${result.kind}"`,
      );
  }
}

/** Gauss's formula; the corners may go around either way. */
function polygonArea(corners: readonly number[]): number {
  let sum = 0;
  for (let i = 0; i < corners.length; i += 2) {
    const [x1 = 0, y1 = 0] = [corners[i], corners[i + 1]];
    const [x2 = 0, y2 = 0] = [corners[(i + 2) % corners.length], corners[(i + 3) % corners.length]];
    sum += x1 * y2 - x2 * y1;
  }
  return Math.abs(sum) / 2;
}
