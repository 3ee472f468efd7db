import { fraction, number, type OptionChecks, oneOf, readOptions } from '../../options';
import { type Color, checkColor } from '../colors';
import { outlineOf } from '../geometry';
import type { Annotator } from './annotator';

const effects = ['dim', 'blur'] as const;

/** How the background is changed. */
export interface BackgroundOptions {
  /** Default `dim`. */
  readonly effect?: 'dim' | 'blur';
  /** The colour of `dim`; default black. */
  readonly color?: Color;
  /** Opacity of `dim`, 0 to 1; default 0.6. */
  readonly opacity?: number;
  /** Radius of `blur` in pixels, 1 to 1000; default: depends on the image's size. */
  readonly radius?: number;
}

const checks = {
  effect: oneOf(effects),
  color: checkColor,
  opacity: fraction,
  radius: number(1, 1000),
} satisfies OptionChecks<BackgroundOptions>;

/** Dims or blurs what is outside all objects: their masks, or their boxes if they have no masks. */
export function createBackground(options: BackgroundOptions = {}): Annotator {
  const { effect = 'dim', color = '#000000', opacity = 0.6, radius } = readOptions('background', options, checks);
  const shade = checkColor('color', color);
  return (canvas, { objects, style }) => {
    const kept = objects.flatMap(({ box, mask }) => mask ?? outlineOf(box, 0, canvas) ?? []);
    if (effect === 'dim') canvas.background(kept, 0, shade, opacity);
    else canvas.background(kept, radius ?? style.line * 4, shade, 0);
  };
}
