import { number, type OptionChecks, oneOf, readOptions } from '../../options';
import type { Point } from '../canvas';
import type { Annotator } from './annotator';

const positions = ['top', 'bottom'] as const;

/** Place and size of the triangles. */
export interface TriangleOptions {
  /** Above the object, pointing down (default `top`), or below, pointing up. */
  readonly position?: 'top' | 'bottom';
  /** Width in pixels, 2 to 1000; default: depends on the image's size. */
  readonly size?: number;
}

const checks = {
  position: oneOf(positions),
  size: number(2, 1000),
} satisfies OptionChecks<TriangleOptions>;

/** Points at each object with a triangle in its colour; inside the image also for objects at its border. */
export function createTriangle(options: TriangleOptions = {}): Annotator {
  const { position = 'top', size: wanted } = readOptions('triangle', options, checks);
  return (canvas, { objects, style }) => {
    const size = wanted ?? style.line * 7;
    const height = size * 0.8;
    for (const item of objects.toReversed()) {
      const [x1, y1, x2, y2] = item.box;
      const x = (x1 + x2) / 2;
      const tip =
        position === 'top'
          ? Math.max(Math.min(y1, y2) - style.line, height)
          : Math.min(Math.max(y1, y2) + style.line, canvas.height - height);
      const base = position === 'top' ? tip - height : tip + height;
      const corners: Point[] = [
        [x, tip],
        [x - size / 2, base],
        [x + size / 2, base],
      ];
      canvas.polygon([corners], style.colorOf(item));
      canvas.line(corners, Math.max(1, style.line / 2), [0, 0, 0], 0.6, 'closed');
    }
  };
}
