import type { Box } from '../results';
import type { CostMatrix } from './linear-assignment';

const { fround } = Math;

/** 1 − IoU of each pair in single precision; a box of `[0, 0, 1, 1]` covers four pixels, as in PaddleDetection. */
export function pixelDistances(rows: readonly Box[], columns: readonly Box[]): CostMatrix {
  const values = new Float64Array(rows.length * columns.length);
  const areas = columns.map(pixelArea);
  for (const [r, row] of rows.entries()) {
    const area = pixelArea(row);
    for (const [c, column] of columns.entries()) {
      values[r * columns.length + c] = fround(1 - pixelOverlap(row, area, column, areas[c]!));
    }
  }
  return { rows: rows.length, columns: columns.length, values };
}

function pixelArea([x1, y1, x2, y2]: Box): number {
  return fround(fround(fround(x2 - x1) + 1) * fround(fround(y2 - y1) + 1));
}

function pixelOverlap(a: Box, areaOfA: number, b: Box, areaOfB: number): number {
  const width = fround(fround(Math.min(a[2], b[2]) - Math.max(a[0], b[0])) + 1);
  if (width <= 0) return 0;
  const height = fround(fround(Math.min(a[3], b[3]) - Math.max(a[1], b[1])) + 1);
  if (height <= 0) return 0;
  const shared = fround(width * height);
  return fround(shared / fround(fround(areaOfA + areaOfB) - shared));
}

/** The IoU of each pair; `round` is `Math.fround` where NumPy computes in single precision. */
export function overlaps(
  rows: readonly Box[],
  columns: readonly Box[],
  round: (value: number) => number = (value) => value,
): CostMatrix {
  const values = new Float64Array(rows.length * columns.length);
  const area = ([x1, y1, x2, y2]: Box): number => round(round(x2 - x1) * round(y2 - y1));
  const areas = Float64Array.from(columns, area);
  // Typed arrays, because most time goes into pairs that do not overlap.
  const [x1, y1, x2, y2] = ([0, 1, 2, 3] as const).map((side) => Float64Array.from(columns, (box) => box[side])) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  for (let r = 0; r < rows.length; r++) {
    const a = rows[r]!;
    const [left, top, right, bottom] = a;
    const areaOfA = Math.fround(Math.fround(a[2] - a[0]) * Math.fround(a[3] - a[1]));
    for (let c = 0; c < columns.length; c++) {
      if (x2[c]! <= left || x1[c]! >= right || y2[c]! <= top || y1[c]! >= bottom) continue;
      const width = round(Math.min(right, x2[c]!) - Math.max(left, x1[c]!));
      const height = round(Math.min(bottom, y2[c]!) - Math.max(top, y1[c]!));
      if (width <= 0 || height <= 0) continue;
      const shared = round(width * height);
      values[r * columns.length + c] = round(shared / round(round(areaOfA + areas[c]!) - shared));
    }
  }
  return { rows: rows.length, columns: columns.length, values };
}
