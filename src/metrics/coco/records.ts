import type { RleMask } from '../../results';

/** The fields of all records. */
export interface CocoBase {
  readonly image_id: number;
  readonly category_id: number;
}

/** An object in COCO's results format. */
export interface CocoObject extends CocoBase {
  /** `[x, y, width, height]`; for a rotated box its upright bounding box. */
  readonly bbox: readonly number[];
  readonly score: number;
  /** A mask as run lengths, or a rotated box as a list with one polygon, `[[x1, y1, x2, y2, x3, y3, x4, y4]]`. */
  readonly segmentation?: RleMask | readonly (readonly number[])[];
  /** Area of the mask or the polygon, in pixels; pycocotools replaces it by that of `bbox` when it loads results. */
  readonly area?: number;
}

/** Joints in COCO's results format: x, y and score of each, one after another. */
export interface CocoKeypoints extends CocoBase {
  readonly keypoints: readonly number[];
  readonly score: number;
}

/** Pixels of a class in COCO's format of "stuff". */
export interface CocoSegment extends CocoBase {
  readonly segmentation: RleMask;
}

/** A record of a result in COCO’s format. */
export type CocoRecord = CocoObject | CocoKeypoints | CocoSegment;

/** The numbers used in records. */
export interface CocoNumbers {
  /** COCO's image id. */
  readonly imageId: number;
  /** COCO's category id of a class. */
  categoryId(classId: number): number;
}
