import { loadBinding } from '../native/binding';
import { invalidArgument } from '../validate';
import type { Quad } from './crop-quads';

/**
 * The smallest rectangles around polygons, at any angle, as PaddleX cuts out lines: corners without their fractions, as
 * OpenCV's `minAreaRect` finds them, clockwise from the top left.
 *
 * @throws PaddleLabError INVALID_ARGUMENT
 *
 * @example
 * import { cropQuads, smallestQuads } from 'paddlelab';
 * const quads = smallestQuads([[[10, 12], [60, 14], [110, 20], [108, 44], [8, 36]]]);
 * const [line] = await cropQuads('shapes.png', quads);
 */
export function smallestQuads(polygons: readonly Quad[]): Quad[] {
  if (!Array.isArray(polygons)) throw invalidArgument('polygons', 'array of polygons', polygons);
  const points = polygons.map((polygon, i) => checkPolygon(polygon, `polygons[${i}]`));
  let end = 0;
  const ends = points.map(({ length }) => {
    end += length / 2;
    return end;
  });
  const corners = loadBinding().smallestQuads(Int32Array.from(points.flat()), Uint32Array.from(ends));
  return points.map((_, i) =>
    [0, 2, 4, 6].map((at) => [corners[8 * i + at] as number, corners[8 * i + at + 1] as number] as const),
  );
}

function checkPolygon(polygon: unknown, name: string): number[] {
  const corners: readonly unknown[] = Array.isArray(polygon) ? polygon : [];
  const numbers = corners.every((corner) => Array.isArray(corner) && corner.length === 2 && corner.every(isCoordinate));
  if (corners.length < 3 || !numbers) throw invalidArgument(name, 'three corners [x, y] or more', polygon);
  return (corners as readonly (readonly [number, number])[]).flatMap(([x, y]) => [Math.trunc(x), Math.trunc(y)]);
}

function isCoordinate(value: unknown): boolean {
  return typeof value === 'number' && Math.abs(value) <= 2 ** 24;
}
