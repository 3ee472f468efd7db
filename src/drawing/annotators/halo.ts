import { fraction, number, type OptionChecks, readOptions } from '../../options';
import { outlineOf } from '../geometry';
import type { Annotator } from './annotator';

/** Size and strength of the glow. */
export interface HaloOptions {
  /** Radius in pixels, 1 to 200; default: depends on the image's size. */
  readonly radius?: number;
  /** Opacity at the object, 0 to 1; default 0.9. */
  readonly opacity?: number;
}

const checks = {
  radius: number(1, 200),
  opacity: fraction,
} satisfies OptionChecks<HaloOptions>;

/** Surrounds each object's mask, or its box if it has no mask, with a glow in its colour; the object is not changed. */
export function createHalo(options: HaloOptions = {}): Annotator {
  const { radius, opacity = 0.9 } = readOptions('halo', options, checks);
  return (canvas, { objects, style }) => {
    for (const item of objects.toReversed()) {
      const outline = outlineOf(item.box, 0, canvas);
      if (outline !== undefined)
        canvas.halo(item.mask ?? outline, radius ?? style.line * 3, style.colorOf(item), opacity);
    }
  };
}
