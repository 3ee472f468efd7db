import { number, type OptionChecks, readOptions } from '../../options';
import { ellipsePoints } from '../geometry';
import type { Annotator } from './annotator';

/** The part of the ellipse that is drawn. */
export interface EllipseOptions {
  /** Degrees of the opening at the back, behind the object; 0 to 350, default 80. */
  readonly opening?: number;
}

const checks = {
  opening: number(0, 350),
} satisfies OptionChecks<EllipseOptions>;

/** Draws an ellipse on the ground at each object's feet, open at the back; for people, animals and players. */
export function createEllipse(options: EllipseOptions = {}): Annotator {
  const { opening = 80 } = readOptions('ellipse', options, checks);
  return (canvas, { objects, style }) => {
    for (const item of objects.toReversed()) {
      const [x1, y1, x2, y2] = item.box;
      const radius = Math.abs(x2 - x1) / 2;
      const center = [(x1 + x2) / 2, Math.max(y1, y2)] as const;
      const points = ellipsePoints(center, [radius, radius * 0.35], -90 + opening / 2, 360 - opening);
      canvas.line(points, style.line + 2, [0, 0, 0], 0.35, opening === 0 ? 'closed' : 'open');
      canvas.line(points, style.line, style.colorOf(item), 1, opening === 0 ? 'closed' : 'open');
    }
  };
}
