import type { AnyDetectionResult } from '../../results';
import type { Canvas } from '../canvas';
import type { Rgb } from '../palette';

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
}

/** What an annotator is told: the result (segments as instances of the whole image), holding only what is to be drawn, and the style. */
export interface Scene {
  readonly result: AnyDetectionResult;
  readonly style: Style;
}

/**
 * Draws one aspect of a result on the canvas. Annotators run in the order given; what they write to the pixels lies
 * below everything that any of them adds as vectors.
 *
 * @example
 * const centres: Annotator = (canvas, { result }) => {
 *   for (const { box: [x1, y1, x2, y2] } of result.detections) {
 *     canvas.addVector(`<circle cx="${(x1 + x2) / 2}" cy="${(y1 + y2) / 2}" r="3" fill="red"/>`);
 *   }
 * };
 * await visualize('cat.jpg', result, { annotators: ['box', centres] });
 */
export type Annotator = (canvas: Canvas, scene: Scene) => void;
