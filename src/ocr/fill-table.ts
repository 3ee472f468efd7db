import { escapeHtml } from '../display/display';
import { boxAround } from '../drawing/geometry';
import type { Box, TableStructureCell, TextCell, TextLine } from '../results';

/** What of a line decides its cell. */
export type TableLine = Pick<TextLine, 'text' | 'polygon'>;

/**
 * Puts lines of text into the cells of a table, as PaddleX's table pipeline does: each into the cell whose box it shares most
 * of, or else the nearest. Lines that lie outside of all cells are left out, such as a title above the table.
 */
export function fillCells(cells: readonly TableStructureCell[], lines: readonly TableLine[]): TextCell[] {
  const boxes = cells.map(({ polygon }) => (polygon.length === 0 ? undefined : boxAround(polygon)));
  const texts = cells.map((): string[] => []);
  for (const line of linesInside(lines, boxes)) texts[cellOf(boxAround(line.polygon), boxes)]?.push(line.text.trim());
  return cells.map((cell, i) => ({ ...cell, text: (texts[i] ?? []).filter((text) => text !== '').join(' ') }));
}

/** Those that share something with the table. */
export function linesInside<L extends TableLine>(lines: readonly L[], boxes: readonly (Box | undefined)[]): L[] {
  const corners = boxes.flatMap((box): (readonly [number, number])[] =>
    box === undefined
      ? []
      : [
          [box[0], box[1]],
          [box[2], box[3]],
        ],
  );
  if (corners.length === 0) return [];
  const [left, top, right, bottom] = boxAround(corners);
  return lines.filter(({ polygon }) => {
    const [x1, y1, x2, y2] = boxAround(polygon);
    return x2 > left && x1 < right && y2 > top && y1 < bottom;
  });
}

function cellOf(line: Box, boxes: readonly (Box | undefined)[]): number {
  let best = { at: -1, overlap: -1, distance: 0 };
  for (const [at, box] of boxes.entries()) {
    if (box === undefined) continue;
    const found = { at, overlap: overlapOf(box, line), distance: distanceOf(box, line) };
    const isBetter = found.overlap > best.overlap || (found.overlap === best.overlap && found.distance < best.distance);
    if (isBetter) best = found;
  }
  return best.at;
}

/** Intersection over union. */
function overlapOf(a: Box, b: Box): number {
  const across = Math.min(a[2], b[2]) - Math.max(a[0], b[0]);
  const down = Math.min(a[3], b[3]) - Math.max(a[1], b[1]);
  if (across <= 0 || down <= 0) return 0;
  const shared = across * down;
  return shared / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - shared);
}

/** Between corners; the nearer of the two counts twice. */
function distanceOf(a: Box, b: Box): number {
  const topLeft = Math.abs(b[0] - a[0]) + Math.abs(b[1] - a[1]);
  const bottomRight = Math.abs(b[2] - a[2]) + Math.abs(b[3] - a[3]);
  return topLeft + bottomRight + Math.min(topLeft, bottomRight);
}

/** The text of each place of the grid; a cell that takes several has its text in the first. */
export function rowsOf(cells: readonly TextCell[]): string[][] {
  const height = Math.max(0, ...cells.map(({ row, rowSpan }) => row + rowSpan));
  const width = Math.max(0, ...cells.map(({ column, columnSpan }) => column + columnSpan));
  const rows = Array.from({ length: height }, () => Array<string>(width).fill(''));
  for (const { row, column, text } of cells) (rows[row] as string[])[column] = text;
  return rows;
}

/** Rows of a head first in `thead`, all others in `tbody`. */
export function tableHtml(cells: readonly TextCell[]): string {
  const height = 1 + Math.max(-1, ...cells.map(({ row }) => row));
  const rows = Array.from({ length: height }, (_, at) => cells.filter(({ row }) => row === at));
  const heads = rows.findIndex((row) => !row.some(({ header }) => header));
  const [head, body] = heads < 0 ? [rows, []] : [rows.slice(0, heads), rows.slice(heads)];
  const part = (tag: string, of: readonly TextCell[][]): string =>
    of.length === 0 ? '' : `<${tag}>${of.map((row) => `<tr>${row.map(cellHtml).join('')}</tr>`).join('')}</${tag}>`;
  return `<table>${part('thead', head)}${part('tbody', body)}</table>`;
}

function cellHtml({ text, rowSpan, columnSpan }: TextCell): string {
  const spans = `${rowSpan > 1 ? ` rowspan="${rowSpan}"` : ''}${columnSpan > 1 ? ` colspan="${columnSpan}"` : ''}`;
  return `<td${spans}>${escapeHtml(text)}</td>`;
}
