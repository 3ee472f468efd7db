import type { Path } from 'clipper-lib';
import { loadClipper } from '../image/load-clipper';
import { type Corners, quadArea, quadOverlaps } from './quad-overlap';

/** Positions in polygons that are not convex are compared in thousandths of a pixel. */
const parts = 1000;

/** Area that two simple polygons share, in pixels. */
export function sharedArea(a: Corners, b: Corners): number {
  if (!boundsMeet(a, b)) return 0;
  if (isConvex(a) && isConvex(b)) return (quadOverlaps([a], [b], [true])[0] ?? 0) * quadArea(a);
  const { Clipper, ClipType, PolyFillType, PolyType } = loadClipper();
  const clipper = new Clipper();
  clipper.AddPath(toPath(a), PolyType.ptSubject, true);
  clipper.AddPath(toPath(b), PolyType.ptClip, true);
  const shared: Path[] = [];
  const fill = PolyFillType.pftNonZero;
  clipper.Execute(ClipType.ctIntersection, shared, fill, fill);
  // Holes count less than zero.
  return Math.abs(shared.reduce((sum, path) => sum + Clipper.Area(path), 0)) / parts ** 2;
}

/** Whether a polygon has an area and its sides do not cross or touch each other; a point may be repeated. */
export function isSimple(polygon: Corners): boolean {
  const sides = sidesOf(polygon).filter(([x1, y1, x2, y2]) => x1 !== x2 || y1 !== y2);
  if (sides.length < 3 || quadArea(polygon) === 0) return false;
  return sides.every((side, i) =>
    sides.every((other, j) => {
      const apart = Math.abs(i - j);
      const neighbours = apart === 1 || apart === sides.length - 1;
      return j <= i || (neighbours ? !foldsBack(side, other, apart === 1) : !meet(side, other));
    }),
  );
}

type Side = readonly [x1: number, y1: number, x2: number, y2: number];

function sidesOf(polygon: Corners): Side[] {
  return Array.from({ length: polygon.length >> 1 }, (_, i) => {
    const next = (2 * i + 2) % polygon.length;
    return [polygon[2 * i], polygon[2 * i + 1], polygon[next], polygon[next + 1]] as unknown as Side;
  });
}

function turn(ax: number, ay: number, bx: number, by: number, cx: number, cy: number): number {
  return Math.sign((bx - ax) * (cy - ay) - (by - ay) * (cx - ax));
}

/** Whether a side runs back along the one before it. */
function foldsBack(first: Side, second: Side, inOrder: boolean): boolean {
  const [a, b] = inOrder ? [first, second] : [second, first];
  const straight = turn(a[0], a[1], a[2], a[3], b[2], b[3]) === 0;
  return straight && (a[2] - a[0]) * (b[2] - b[0]) + (a[3] - a[1]) * (b[3] - b[1]) <= 0;
}

function meet(a: Side, b: Side): boolean {
  const first = turn(a[0], a[1], a[2], a[3], b[0], b[1]) * turn(a[0], a[1], a[2], a[3], b[2], b[3]);
  const second = turn(b[0], b[1], b[2], b[3], a[0], a[1]) * turn(b[0], b[1], b[2], b[3], a[2], a[3]);
  return first <= 0 && second <= 0 && boundsMeet(a, b, true);
}

function boundsMeet(a: Corners, b: Corners, touching = false): boolean {
  return [0, 1].every((axis) => {
    const [ofA, ofB] = [a, b].map((corners) => corners.filter((_, i) => i % 2 === axis)) as [number[], number[]];
    const [start, end] = [Math.max(Math.min(...ofA), Math.min(...ofB)), Math.min(Math.max(...ofA), Math.max(...ofB))];
    return touching ? start <= end : start < end;
  });
}

function isConvex(polygon: Corners): boolean {
  const sides = sidesOf(polygon);
  const turns = sides.map(([x1, y1, x2, y2], i) => {
    const [, , x3, y3] = sides[(i + 1) % sides.length] as Side;
    return turn(x1, y1, x2, y2, x3, y3);
  });
  // A star turns to one side only, but more than once around.
  return sides.length <= 4 && !(turns.includes(1) && turns.includes(-1));
}

function toPath(polygon: Corners): Path {
  return sidesOf(polygon).map(([x, y]) => ({ X: Math.round(x * parts), Y: Math.round(y * parts) }));
}
