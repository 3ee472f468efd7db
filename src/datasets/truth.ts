import type { RleMask } from '../results';

/** Corners of polygons in pixels, `[x1, y1, x2, y2, …]` each; an object's mask is what any of them covers. */
export type Polygons = readonly (readonly number[])[];

/** A true object of an image; pixels of the original image, origin top left. */
export interface TrueObject {
  /** Index into the data set's classes. */
  readonly classId: number;
  /** As in COCO. */
  readonly box: readonly [x: number, y: number, width: number, height: number];
  /** In pixels, as the data set states it: that of the mask in COCO, otherwise that of the box. */
  readonly area: number;
  /** COCO's `iscrowd`: several objects as one, so any number of detections may match it. */
  readonly crowd: boolean;
  /**
   * Neither a match nor a miss counts: a crowd, VOC's `difficult`, a person without joints. The last counts for boxes and
   * masks, as in pycocotools: there, an object with `keypoints` is ignored only if it is a crowd.
   */
  readonly ignored: boolean;
  /** Missing also if the data set has one that can't be used; that is among the problems of its image. */
  readonly mask?: Polygons | RleMask;
  /** Of a rotated box, `[x1, y1, x2, y2, x3, y3, x4, y4]`. */
  readonly corners?: readonly number[];
  /** Of a line of text; missing if the data set has none. */
  readonly text?: string;
  /** x, y and visibility (0 not labelled, 1 hidden, 2 visible) of each joint, one after another. */
  readonly keypoints?: readonly number[];
}

/** An object as one polygon `[x1, y1, x2, y2, …]`: its corners, the first polygon of its mask, or its box. */
export function outlineOf({ corners, mask, box: [x, y, width, height] }: TrueObject): readonly number[] {
  if (corners !== undefined) return corners;
  const polygons = mask === undefined || 'counts' in mask ? [] : mask;
  return polygons[0] ?? [x, y, x + width, y, x + width, y + height, x, y + height];
}

/** Class numbers of pixels, rows from the top; 255 is ignored. */
export interface LabelPixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** What is true of one image. */
export type ImageTruth =
  | {
      readonly kind: 'objects';
      readonly objects: readonly TrueObject[];
      /** The image's size as the data set states it; missing if it does not. */
      readonly size?: { readonly width: number; readonly height: number };
    }
  /** One class; with `multiLabel` any number of them, also one. Other numbers than one are multi-label without it. */
  | { readonly kind: 'classes'; readonly classIds: readonly number[]; readonly multiLabel?: boolean }
  | { readonly kind: 'pixels'; readonly pixels: LabelPixels }
  /** The line of text that the image shows. */
  | { readonly kind: 'text'; readonly text: string };
