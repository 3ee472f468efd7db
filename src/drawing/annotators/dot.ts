import { type Anchor, anchorNames, anchorPoint } from '../../objects/anchors';
import { number, type OptionChecks, oneOf, readOptions } from '../../options';
import type { Annotator } from './annotator';

/** Place and size of the dots. */
export interface DotOptions {
  /** Default `center`. */
  readonly position?: Anchor;
  /** Radius in pixels, 0.5 to 1000; default: depends on the image's size. */
  readonly radius?: number;
}

const checks = {
  position: oneOf(anchorNames),
  radius: number(0.5, 1000),
} satisfies OptionChecks<DotOptions>;

/** Marks each object with a dot in its colour, with a dark rim that is visible on every background. */
export function createDot(options: DotOptions = {}): Annotator {
  const { position = 'center', radius: wanted } = readOptions('dot', options, checks);
  return (canvas, { objects, style }) => {
    const radius = wanted ?? style.line * 2.5;
    for (const item of objects.toReversed()) {
      const point = anchorPoint(item.box, position);
      canvas.circle(point, radius + Math.max(1, style.line / 2), [0, 0, 0], 0.6);
      canvas.circle(point, radius, style.colorOf(item));
    }
  };
}
