import { number, type OptionChecks, readOptions } from '../../options';
import type { Canvas } from '../canvas';
import { outlineOf } from '../geometry';
import type { Annotator, Scene } from './annotator';

/** How strongly objects are hidden. */
export interface HideOptions {
  /**
   * Radius of the blur, or side of a cell, in pixels; 1 to 1000, default: a fraction of each object's size. A cell has at
   * least an eighth of the object's shorter side.
   */
  readonly size?: number;
}

const checks = {
  size: number(1, 1000),
} satisfies OptionChecks<HideOptions>;

/** Blurs each object: its mask, or its box if it has no mask. */
export function createBlur(options: HideOptions = {}): Annotator {
  return createHide('blur', 1 / 8, 0, options);
}

/**
 * Pixelates each object: its mask, or its box if it has no mask. It hides what is in it: all cells that touch the object
 * are averaged whole, and at most 8 lie along its shorter side, whatever `size` is.
 */
export function createPixelate(options: HideOptions = {}): Annotator {
  return createHide('pixelate', 1 / 6, 1 / 8, options);
}

function createHide(how: 'blur' | 'pixelate', part: number, least: number, options: HideOptions): Annotator {
  const { size: wanted } = readOptions(how, options, checks);
  return (canvas: Canvas, { objects }: Scene) => {
    for (const { mask, box } of objects) {
      const outline = outlineOf(box, 0, canvas);
      if (outline === undefined) continue;
      const side = Math.min(outline.width, outline.height);
      const size = wanted === undefined ? Math.max(4, side * part) : Math.max(wanted, Math.ceil(side * least));
      canvas.hide(how, mask ?? outline, size);
    }
  };
}
