import { formatTable } from '../text/table';
import { escapeHtml, type MimeBundle } from './display';

/**
 * A table from rows of HTML. If it is too wide, it scrolls. Every HTML table is made here.
 *
 * @param style of the table element
 */
export function scrollingTable(rows: string, style = ''): string {
  const look = style === '' ? '' : ` cellpadding="4" style="${style}"`;
  return `<div style="overflow-x:auto"><table${look}>${rows}</table></div>`;
}

/** Aligns numbers below each other; tables in notebooks are right-aligned by default. */
export const numbersStyle = 'border-collapse:collapse;text-align:right;font-variant-numeric:tabular-nums;margin:.4em 0';

/** A table of texts, as HTML and as text; colours come from the theme. */
export function textAndHtmlTable(columns: readonly string[], rows: readonly (readonly string[])[]): MimeBundle {
  return { 'text/html': htmlTable(columns, rows), 'text/plain': formatTable(columns, rows) };
}

export function htmlTable(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (tag: string, cells: readonly string[]): string =>
    `<tr>${cells.map((cell) => `<${tag} style="text-align:left">${escapeHtml(cell)}</${tag}>`).join('')}</tr>`;
  const body = rows.map((row) => line('td', row)).join('\n');
  return scrollingTable(`<thead>${line('th', columns)}</thead>\n<tbody>${body}</tbody>`);
}
