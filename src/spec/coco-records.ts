import type { RleMask } from '../results';

/** What all records have. */
export interface CocoBase {
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

/** The numbers that records are given. */
export interface CocoNumbers {
  /** COCO's number of the image. */
  readonly imageId: number;
  /** COCO's number of a class. */
  categoryId(classId: number): number;
}
