import type { TableStructureCell } from '../results';

/** A cell of HTML, by its place in the grid of rows and columns. */
export type GridCell = Omit<TableStructureCell, 'polygon'>;

/** More columns or rows than this are a network that repeats itself. */
const mostSpanned = 1000;

/**
 * The cells of a table's HTML tokens in their order, with the rows and columns that they take: a cell takes the first
 * free place of its row, and a span leaves no place in later ones, as in a browser.
 */
export function gridOf(tokens: readonly string[]): GridCell[] {
  const cells: GridCell[] = [];
  const taken = new Set<string>();
  let [row, column, header] = [-1, 0, false];
  let open: { rowSpan: number; columnSpan: number } | undefined;
  const place = ({ rowSpan, columnSpan }: { rowSpan: number; columnSpan: number }): void => {
    row = Math.max(0, row);
    while (taken.has(`${row},${column}`)) column += 1;
    cells.push({ row, column, rowSpan, columnSpan, header });
    for (let y = 0; y < rowSpan; y += 1) {
      for (let x = 0; x < columnSpan; x += 1) taken.add(`${row + y},${column + x}`);
    }
    column += columnSpan;
  };
  for (const token of tokens) {
    const span = /^ ?(col|row)span="(\d+)"$/.exec(token);
    if (span !== null && open !== undefined) {
      const extent = Math.min(mostSpanned, Math.max(1, Number(span[2])));
      open = span[1] === 'col' ? { ...open, columnSpan: extent } : { ...open, rowSpan: extent };
    }
    // The attributes come after the beginning, so an open cell is placed when the next thing begins.
    if (open !== undefined && span === null && token !== '>') {
      place(open);
      open = undefined;
    }
    if (token === '<thead>' || token === '</thead>') header = token === '<thead>';
    if (token === '<tr>') [row, column] = [row + 1, 0];
    if (token === '<td' || token === '<td>') open = { rowSpan: 1, columnSpan: 1 };
    if (token === '<td></td>') place({ rowSpan: 1, columnSpan: 1 });
  }
  if (open !== undefined) place(open);
  return withinRows(cells);
}

/** Spans end with the last row, as in a browser. */
function withinRows(cells: readonly GridCell[]): GridCell[] {
  const rows = 1 + Math.max(-1, ...cells.map(({ row }) => row));
  return cells.map((cell) => ({ ...cell, rowSpan: Math.min(cell.rowSpan, rows - cell.row) }));
}
