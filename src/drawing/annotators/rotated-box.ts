import type { Point } from '../canvas';
import type { Annotator, SceneObject } from './annotator';

/** Outlines each object along its corners, four at any angle or more; objects without corners along their upright box. */
export function createRotatedBox(): Annotator {
  return (canvas, { objects, style }) => {
    for (const item of objects.toReversed()) {
      canvas.line(cornersOf(item), style.line, style.colorOf(item), 1, 'closed');
    }
  };
}

/** The corners in order. */
export function cornersOf({ corners, box: [x1, y1, x2, y2] }: SceneObject): Point[] {
  const flat = corners ?? [x1, y1, x2, y1, x2, y2, x1, y2];
  return Array.from({ length: flat.length >> 1 }, (_, index) => [flat[2 * index] ?? 0, flat[2 * index + 1] ?? 0]);
}
