import { decodeRegion } from '../image/rle';
import type { RleMask } from '../results';
import type { Point } from './canvas';

/** Right, down, left, up: a right turn is the next one. */
const directions = [
  [1, 0],
  [0, 1],
  [-1, 0],
  [0, -1],
] as const;

/**
 * The borders of a mask as closed polygons along the edges of its pixels: clockwise around its parts, counterclockwise
 * around its holes. Pixels that only touch at a corner belong to different parts.
 *
 * @param tolerance maximum distance, in pixels, of a polygon from the border
 */
export function traceMask(mask: RleMask, tolerance: number): Point[][] {
  const { left, top, width, height, data } = decodeRegion(mask);
  const inside = (x: number, y: number): boolean =>
    x >= 0 && y >= 0 && x < width && y < height && data[y * width + x] === 1;
  // Upper edges that were already traced; every border has at least one.
  const done = new Uint8Array(width * (height + 1));
  const polygons: Point[][] = [];
  for (let y = 0; y <= height; y++) {
    for (let x = 0; x < width; x++) {
      if (inside(x, y) && !inside(x, y - 1) && done[y * width + x] === 0) {
        const border = follow(x, y, inside, (column, row) => {
          done[row * width + column] = 1;
        });
        polygons.push(simplify(border, tolerance).map(([px, py]): Point => [px + left, py + top]));
      }
    }
  }
  return polygons.filter((polygon) => polygon.length > 2);
}

/** Follows a border with the inside on the right, from the left end of a pixel's upper edge back to it. */
function follow(
  startX: number,
  startY: number,
  inside: (x: number, y: number) => boolean,
  mark: (x: number, y: number) => void,
): Point[] {
  const corners: Point[] = [];
  let [x, y, direction] = [startX, startY, 0];
  do {
    if (direction === 0) mark(x, y);
    const [dx, dy] = directions[direction] ?? directions[0];
    [x, y] = [x + dx, y + dy];
    const turned = turn(x, y, direction, inside);
    if (turned !== direction) corners.push([x, y]);
    direction = turned;
  } while (x !== startX || y !== startY || direction !== 0);
  return corners;
}

/** The next direction of a border at a corner of the grid. */
function turn(x: number, y: number, direction: number, inside: (x: number, y: number) => boolean): number {
  const [dx, dy] = directions[direction] ?? directions[0];
  // The pixels ahead, on the right and on the left.
  const right = inside(x + (dx - dy - 1) / 2, y + (dx + dy - 1) / 2);
  const left = inside(x + (dx + dy - 1) / 2, y + (dy - dx - 1) / 2);
  if (!right) return (direction + 1) % 4;
  return left ? (direction + 3) % 4 : direction;
}

/** Removes points within the tolerance of the line between the remaining ones (Douglas and Peucker's method). */
function simplify(points: readonly Point[], tolerance: number): Point[] {
  if (points.length < 4 || tolerance <= 0) return [...points];
  // A closed line is split at the point furthest from its start.
  const first = points[0] as Point;
  const distances = points.map(([x, y]) => (x - first[0]) ** 2 + (y - first[1]) ** 2);
  const far = distances.indexOf(Math.max(...distances));
  const halves = [points.slice(0, far + 1), [...points.slice(far), first]];
  return halves.flatMap((half) => simplifyOpen(half, tolerance).slice(0, -1));
}

function simplifyOpen(points: readonly Point[], tolerance: number): Point[] {
  const keep = new Uint8Array(points.length).fill(0);
  keep[0] = 1;
  keep[points.length - 1] = 1;
  const open: [number, number][] = [[0, points.length - 1]];
  for (let range = open.pop(); range !== undefined; range = open.pop()) {
    const [from, to] = range;
    let [worst, at] = [tolerance, -1];
    for (let index = from + 1; index < to; index++) {
      const distance = distanceToLine(points[index] as Point, points[from] as Point, points[to] as Point);
      if (distance > worst) [worst, at] = [distance, index];
    }
    if (at < 0) continue;
    keep[at] = 1;
    open.push([from, at], [at, to]);
  }
  return points.filter((_, index) => keep[index] === 1);
}

function distanceToLine([x, y]: Point, [x1, y1]: Point, [x2, y2]: Point): number {
  const length = Math.hypot(x2 - x1, y2 - y1);
  if (length === 0) return Math.hypot(x - x1, y - y1);
  return Math.abs((x2 - x1) * (y1 - y) - (x1 - x) * (y2 - y1)) / length;
}
