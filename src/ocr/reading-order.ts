import { boxAround } from '../drawing/geometry';
import type { Box as Sides } from '../results';
import type { Point } from './polygon';
import { rotate, topAngle } from './polygon';

/** What the order of lines depends on. */
export interface PlacedText {
  readonly polygon: readonly Point[];
  readonly text: string;
}

/** The lines that stand side by side, as indices in the order in which they are read. */
export type Row = readonly number[];

/** A line of text on the page once this is turned upright; rows go down, and lines of a row to the right. */
interface Box {
  readonly index: number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** A column counts as one if its lines are at least this many times as wide as they are high; cells of tables are shorter. */
const columnWidth = 8;
/** Lines this many heights apart belong to different paragraphs. */
const paragraphGap = 1;

/**
 * The lines of a page in the order in which a person reads them, as paragraphs of rows.
 *
 * The page is turned by the median angle of its lines first. Lines beside each other are one row; where rows with long
 * lines have a gap in common, they are columns, and the left one is read first. Vertical lines are read from right to
 * left, and so are rows in Arabic or Hebrew.
 */
export function readingOrder(lines: readonly PlacedText[]): readonly (readonly Row[])[] {
  if (lines.length === 0) return [];
  const boxes = upright(lines);
  const height = median(boxes.map(({ top, bottom }) => bottom - top));
  const rows = columns(rowsOf(boxes), height);
  return paragraphs(rows, height).map((paragraph) => paragraph.map((row) => row.map(({ index }) => index)));
}

/** The text as a person reads it: rows as lines, an empty line between paragraphs. */
export function joinText(lines: readonly PlacedText[], order: readonly (readonly Row[])[]): string {
  const textOf = (row: Row): string => row.map((index) => lines[index]?.text ?? '').join(' ');
  return order.map((rows) => rows.map(textOf).join('\n')).join('\n\n');
}

function upright(lines: readonly PlacedText[]): Box[] {
  const angle = median(lines.map(({ polygon }) => topAngle(polygon)));
  const turned = lines.map(({ polygon }) => boxAround(polygon.map((point) => rotate(point, -angle))));
  const vertical = isVertical(lines, turned);
  const mirrored = !vertical && isRightToLeft(lines);
  return turned.map(([left, top, right, bottom], index) => {
    // The first column becomes the first row, and its top the left end.
    if (vertical) return { index, left: top, right: bottom, top: -right, bottom: -left };
    return mirrored ? { index, left: -right, right: -left, top, bottom } : { index, left, right, top, bottom };
  });
}

function isVertical(lines: readonly PlacedText[], bounds: readonly Sides[]): boolean {
  let [vertical, all] = [0, 0];
  for (const [i, [left, top, right, bottom]] of bounds.entries()) {
    const length = [...(lines[i]?.text ?? '')].length;
    all += length;
    if (length > 1 && bottom - top > 1.5 * (right - left)) vertical += length;
  }
  return vertical > all / 2;
}

function isRightToLeft(lines: readonly PlacedText[]): boolean {
  const text = lines.map((line) => line.text).join('');
  const letters = text.match(/\p{L}/gu)?.length ?? 0;
  const backward = text.match(/[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}]/gu)?.length ?? 0;
  return backward > letters / 2;
}

/** Groups boxes that overlap by more than half of the lower one, and have nothing of each other above them. */
function rowsOf(boxes: readonly Box[]): Box[][] {
  const rows: Box[][] = [];
  for (const box of [...boxes].sort((a, b) => a.top + a.bottom - (b.top + b.bottom))) {
    const row = rows.findLast((candidate) => candidate.every((other) => isBeside(box, other)));
    if (row === undefined) rows.push([box]);
    else row.push(box);
  }
  return rows.map((row) => row.sort((a, b) => a.left - b.left));
}

function isBeside(a: Box, b: Box): boolean {
  const shared = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
  const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
  return shared > 0.5 * Math.min(a.bottom - a.top, b.bottom - b.top) && across < 0.3 * (a.bottom - a.top);
}

interface Gap {
  readonly left: number;
  readonly right: number;
}

/** Splits runs of rows that have a gap in common into their columns. */
function columns(rows: readonly Box[][], height: number): Box[][] {
  const found: Box[][] = [];
  for (let start = 0; start < rows.length; ) {
    const run = runAt(rows, start, height);
    if (run === undefined) {
      found.push(rows[start] as Box[]);
      start += 1;
      continue;
    }
    const part = rows.slice(start, run.end);
    const before = part.map((row) => row.filter(({ right }) => right <= run.gap.left + 1e-6));
    const after = part.map((row) => row.filter(({ left }) => left >= run.gap.right - 1e-6));
    for (const side of [before, after])
      found.push(
        ...columns(
          side.filter((row) => row.length > 0),
          height,
        ),
      );
    start = run.end;
  }
  return found;
}

/** The longest run of rows from here on that a gap divides into columns of text. */
function runAt(rows: readonly Box[][], start: number, height: number): { end: number; gap: Gap } | undefined {
  const first = gapsOf(rows[start] as Box[]);
  let best: { end: number; gap: Gap } | undefined;
  for (let gap of first) {
    let end = start + 1;
    for (; end < rows.length; end += 1) {
      const shared = narrowed(gap, rows[end] as Box[], height);
      if (shared === undefined) break;
      gap = shared;
    }
    if (gap.right - gap.left < height || (best !== undefined && end <= best.end)) continue;
    if (areColumns(rows.slice(start, end), gap)) best = { end, gap };
  }
  return best;
}

/** The spaces inside a row; before and after a single box, too, because the other column may have ended. */
function gapsOf(row: readonly Box[]): Gap[] {
  const edges = [Number.NEGATIVE_INFINITY, ...row.map(({ right }) => right)];
  return edges.map((left, i) => ({ left, right: row[i]?.left ?? Number.POSITIVE_INFINITY }));
}

/** The largest part of a gap that a row leaves free. */
function narrowed(gap: Gap, row: readonly Box[], height: number): Gap | undefined {
  const parts = gapsOf(row)
    .map(({ left, right }) => ({ left: Math.max(left, gap.left), right: Math.min(right, gap.right) }))
    .filter(({ left, right }) => right - left >= height);
  return parts.sort((a, b) => b.right - b.left - (a.right - a.left))[0];
}

function areColumns(rows: readonly Box[][], gap: Gap): boolean {
  if (!Number.isFinite(gap.left) || !Number.isFinite(gap.right)) return false;
  const boxes = rows.flat();
  const sides = [boxes.filter(({ right }) => right <= gap.left), boxes.filter(({ left }) => left >= gap.right)];
  return sides.every((side) => {
    const ratios = side.map(({ left, right, top, bottom }) => (right - left) / (bottom - top));
    return side.length >= 2 && median(ratios) >= columnWidth;
  });
}

/** Rows with a larger distance between them, or followed by a row that is higher up, are different paragraphs. */
function paragraphs(rows: readonly Box[][], height: number): Box[][][] {
  const found: Box[][][] = [];
  let bottom = Number.NaN;
  for (const row of rows) {
    const top = Math.min(...row.map((box) => box.top));
    const isNext = top - bottom <= paragraphGap * height && top - bottom > -height;
    if (isNext) found.at(-1)?.push(row);
    else found.push([row]);
    bottom = Math.max(...row.map((box) => box.bottom));
  }
  return found;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
