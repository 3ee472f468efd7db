import { callback, number, type OptionChecks, oneOf, readOptions } from '../../options';
import { checkNumber } from '../../validate';
import { outlineOf } from '../geometry';
import type { Annotator, SceneObject } from './annotator';

const positions = ['top', 'bottom'] as const;

/** Place and values of the bars. */
export interface PercentageBarOptions {
  /** Along the upper (default `top`) or the lower side of the box. */
  readonly position?: 'top' | 'bottom';
  /** Height in pixels, 1 to 1000; default: depends on the image's size. */
  readonly height?: number;
  /** The value of each object, 0 to 1; default: its score. */
  readonly value?: (item: SceneObject) => number;
}

const checks = {
  position: oneOf(positions),
  height: number(1, 1000),
  value: callback,
} satisfies OptionChecks<PercentageBarOptions>;

/** Shows each object's score as a bar as wide as its box; the filled part is the value. */
export function createPercentageBar(options: PercentageBarOptions = {}): Annotator {
  const given = readOptions('percentageBar', options, checks);
  const { position = 'top', height: wanted, value = ({ score }: SceneObject) => score ?? 0 } = given;
  return (canvas, { objects, style }) => {
    const height = Math.round(wanted ?? style.line * 4);
    for (const item of objects.toReversed()) {
      const outline = outlineOf(item.box, style.line, canvas);
      if (outline === undefined) continue;
      const { left, width } = outline;
      const above = Math.max(0, outline.top - height - 1);
      const below = Math.min(canvas.height - height, outline.top + outline.height + 1);
      const bar = { left, top: position === 'top' ? above : below, width, height };
      const share = fraction01(value(item));
      const rim = Math.max(1, Math.round(style.line / 2));
      canvas.fillRect(bar, [0, 0, 0], 0.75);
      const room = Math.max(0, width - 2 * rim);
      const inner = { left: left + rim, top: bar.top + rim, width: room, height: Math.max(1, height - 2 * rim) };
      canvas.fillRect(inner, [255, 255, 255], 0.35);
      canvas.fillRect({ ...inner, width: Math.round(room * share) }, style.colorOf(item));
    }
  };
}

/** A value of one's own that is no number is refused instead of drawn as 0. */
function fraction01(value: unknown): number {
  return checkNumber('the result of value', value, 0, 1);
}
