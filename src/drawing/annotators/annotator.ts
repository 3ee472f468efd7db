import type { Rgb } from '../../display/palette';
import type { RgbImage } from '../../image/image';
import type { Box, Keypoint, PredictResult, RleMask } from '../../results';
import type { Canvas } from '../canvas';

/** How things are drawn, worked out once a picture. */
export interface Style {
  /** Width of lines in whole pixels, ≥ 1. */
  readonly line: number;
  /** Height of the em of text, in pixels. */
  readonly fontSize: number;
  /** Of mask fills, 0 (invisible) to 1 (opaque). */
  readonly opacity: number;
  /** The colour of a class. */
  color(classId: number): Rgb;
  /** The name of a class, as the pictures write it. */
  name(classId: number): string;
}

/** What every kind of result has to draw: an object, a person, or all pixels of a class. */
export interface SceneObject {
  readonly classId: number;
  readonly label: string;
  /** 0 to 1; undefined for the pixels of a class, which have no score. */
  readonly score?: number;
  /** In pixels of the image, origin top left. */
  readonly box: Box;
  readonly mask?: RleMask;
  /** Of a rotated box, `[x1, y1, x2, y2, x3, y3, x4, y4]`. */
  readonly corners?: readonly number[];
  readonly keypoints?: readonly Keypoint[];
}

/** What an annotator is told. */
export interface Scene {
  readonly image: RgbImage;
  /** All that was predicted. */
  readonly result: PredictResult;
  /** Only what is to be drawn, best score first. */
  readonly objects: readonly SceneObject[];
  readonly style: Style;
}

/**
 * Draws one aspect of a result on the canvas. Annotators run in the order given, each above what the ones before drew.
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
