import { showControls } from './controls';
import { displayWidth, pad } from './width';

/** How the text of a column is aligned. */
export type Align = 'left' | 'right';

/**
 * Formats rows of cells as lines, with each column as wide as its widest cell on a terminal; line breaks and controls
 * are shown escaped.
 *
 * @param align of each column; `left` by default
 */
export function alignRows(rows: readonly (readonly string[])[], align: readonly Align[] = []): string[] {
  const shown = rows.map((row) => row.map(showControls));
  const columns = Math.max(0, ...shown.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, column) =>
    shown.reduce((widest, row) => Math.max(widest, displayWidth(row[column] ?? '')), 0),
  );
  return shown.map((row) =>
    row
      .map((cell, column) => pad(cell, widths[column] ?? 0, align[column]))
      .join('  ')
      .trimEnd(),
  );
}

/** Rows under a heading, as one text. */
export function formatTable(heading: readonly string[], rows: readonly (readonly string[])[]): string {
  return alignRows([heading, ...rows]).join('\n');
}

/** A Markdown table row. */
export function markdownRow(cells: readonly string[]): string {
  return `| ${cells.map((cell) => showControls(cell).replaceAll('|', '\\|')).join(' | ')} |`;
}
