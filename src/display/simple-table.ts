import { alignRows } from '../text/table';
import { escapeHtml, type MimeBundle } from './display';
import { scrollingTable } from './html-table';

/** A table of texts as HTML and as text; colours come from the theme. */
export function textAndHtmlTable(columns: readonly string[], rows: readonly (readonly string[])[]): MimeBundle {
  return { 'text/html': htmlTable(columns, rows), 'text/plain': textTable(columns, rows) };
}

export function htmlTable(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (tag: string, cells: readonly string[]): string =>
    `<tr>${cells.map((cell) => `<${tag} style="text-align:left">${escapeHtml(cell)}</${tag}>`).join('')}</tr>`;
  const body = rows.map((row) => line('td', row)).join('\n');
  return scrollingTable(`<thead>${line('th', columns)}</thead>\n<tbody>${body}</tbody>`);
}

export function textTable(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  return alignRows([columns, ...rows]).join('\n');
}
