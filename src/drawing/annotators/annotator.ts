import type { Rgb } from '../../display/palette';
import type { RgbImage } from '../../image/image';
import type { Box, Keypoint, PredictResult, RleMask } from '../../results';
import type { Canvas } from '../canvas';

/** How things are drawn, computed once per picture. */
export interface Style {
  /** Line width in whole pixels, ≥ 1. */
  readonly line: number;
  /** Font size (height of the em), in pixels. */
  readonly fontSize: number;
  /** Opacity of masks, 0 (invisible) to 1 (opaque). */
  readonly opacity: number;
  /** The colour of a class. */
  color(classId: number): Rgb;
  /** The colour of an object: that of its class, or its own (`colorBy`). */
  colorOf(item: SceneObject): Rgb;
  /** The name of a class in pictures. */
  name(classId: number): string;
}

/** A drawable object of any kind of result: an object, a person, or all pixels of a class. */
export interface SceneObject {
  readonly classId: number;
  readonly label: string;
  /** 0 to 1; undefined for the pixels of a class, which have no score. */
  readonly score?: number;
  /** In pixels of the image, origin top left. */
  readonly box: Box;
  readonly mask?: RleMask;
  /** The corners of a rotated box or of a region of text, `[x1, y1, x2, y2, x3, y3, x4, y4, …]`. */
  readonly corners?: readonly number[];
  readonly keypoints?: readonly Keypoint[];
  /** The number that a tracked object keeps over the frames of a video. */
  readonly trackId?: number;
}

/** The input of an annotator. */
export interface Scene {
  readonly image: RgbImage;
  /** The whole result of the prediction. */
  readonly result: PredictResult;
  /** Only the objects to draw, best score first. */
  readonly objects: readonly SceneObject[];
  readonly style: Style;
}

/**
 * Draws one aspect of a result on the canvas. Annotators run in the given order, each on top of the previous ones.
 *
 * @example
 * import type { Annotator } from 'paddlelab';
 * const centres: Annotator = (canvas, { objects, style }) => {
 *   for (const { box: [x1, y1, x2, y2], classId } of objects) {
 *     canvas.circle([(x1 + x2) / 2, (y1 + y2) / 2], 2 * style.line, style.color(classId));
 *   }
 * };
 * await visualize('shapes.png', result, { annotators: ['box', centres] });
 */
export type Annotator = (canvas: Canvas, scene: Scene) => void;
