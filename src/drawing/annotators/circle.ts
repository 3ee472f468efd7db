import { circlePoints } from '../geometry';
import type { Annotator } from './annotator';

/** Draws a circle around each object, through the corners of its box. */
export function createCircle(): Annotator {
  return (canvas, { objects, style }) => {
    for (const item of objects.toReversed()) {
      const [x1, y1, x2, y2] = item.box;
      const radius = Math.hypot(x2 - x1, y2 - y1) / 2;
      const points = circlePoints((x1 + x2) / 2, (y1 + y2) / 2, radius);
      canvas.line(points, style.line, style.colorOf(item), 1, 'closed');
    }
  };
}
