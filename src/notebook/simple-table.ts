import { displayWidth, oneLine, padText } from './detection-table';
import { escapeHtml, type MimeBundle } from './display';

/** A table of texts as HTML and as text; colours come from the theme. */
export function textAndHtmlTable(columns: readonly string[], rows: readonly (readonly string[])[]): MimeBundle {
  return { 'text/html': htmlTable(columns, rows), 'text/plain': textTable(columns, rows) };
}

export function htmlTable(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (tag: string, cells: readonly string[]): string =>
    `<tr>${cells.map((cell) => `<${tag} style="text-align:left">${escapeHtml(cell)}</${tag}>`).join('')}</tr>`;
  const body = rows.map((row) => line('td', row)).join('\n');
  return `<table><thead>${line('th', columns)}</thead>\n<tbody>${body}</tbody></table>`;
}

export function textTable(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [columns, ...rows].map((row) => row.map(oneLine));
  const widths = columns.map((_, column) => Math.max(...lines.map((line) => displayWidth(line[column] ?? ''))));
  const aligned = lines.map((line) => line.map((cell, i) => padText(cell, widths[i] ?? 0, true)).join('  '));
  return aligned.map((line) => line.trimEnd()).join('\n');
}
