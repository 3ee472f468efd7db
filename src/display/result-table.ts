import { type Align, alignRows } from '../text/table';
import { escapeHtml, type MimeBundle } from './display';
import { numbersStyle, scrollingTable } from './html-table';
import { classColor, toHex } from './palette';

/** A column by its title; numbers are aligned to the right, text to the left. */
export interface TableColumn {
  readonly title: string;
  readonly align: Align;
}

/** The text or number of a cell. */
export type TableCell = string | number;

/** A table of what was found in an image. */
export interface ResultTable {
  /** A title alone is a column of numbers if all its cells are numbers, of text otherwise. */
  readonly columns: readonly (string | TableColumn)[];
  readonly rows: readonly (readonly TableCell[])[];
  /** The class of each row: its colour stands before the first text. */
  readonly classIds?: readonly number[];
}

/** More rows than this are counted, not listed. */
const maxRows = 20;

/** A table under a line that says what it is of, as a notebook shows it; the same as text. */
export function tableBundle(headline: string, table: ResultTable): MimeBundle {
  return { 'text/html': tableHtml(headline, table), 'text/plain': tableText(headline, table) };
}

/** The same as text only. */
export function tableText(headline: string, table: ResultTable): string {
  if (table.rows.length === 0) return headline;
  const lines = tableLines({ ...table, rows: table.rows.slice(0, maxRows) });
  return [headline, ...lines, ...hidden(table)].join('\n');
}

/** All rows under their titles, aligned. */
export function tableLines({ columns, rows }: ResultTable): string[] {
  const titled = columns.map((column, at) => columnOf(column, at, rows));
  return alignRows(
    [titled.map(({ title }) => title), ...rows.map((row) => row.map(String))],
    titled.map(({ align }) => align),
  );
}

/** Colours come from the theme, apart from the swatches, so that it reads on light and on dark. */
function tableHtml(headline: string, table: ResultTable): string {
  const parts = [`<div>${escapeHtml(headline)}</div>`];
  if (table.rows.length > 0) parts.push(rowsHtml(table));
  parts.push(...hidden(table).map((text) => `<div>${text}</div>`));
  return `<div>\n${parts.join('\n')}\n</div>`;
}

function rowsHtml({ columns, rows, classIds }: ResultTable): string {
  const titled = columns.map((column, at) => columnOf(column, at, rows));
  const named = titled.findIndex(({ align }) => align === 'left');
  const cell = (tag: string, text: TableCell, at: number, before = ''): string => {
    const looks = [
      ...(titled[at]?.align === 'left' ? ['text-align:left'] : []),
      // A column without a title numbers the rows.
      ...(tag === 'td' && titled[at]?.title === '' && at < named ? ['opacity:.6'] : []),
    ];
    const style = looks.length === 0 ? '' : ` style="${looks.join(';')}"`;
    return `<${tag}${style}>${before}${escapeHtml(String(text))}</${tag}>`;
  };
  const head = titled.map(({ title }, at) => cell('th', title, at)).join('');
  const body = rows.slice(0, maxRows).map((row, index) => {
    const swatch = swatchOf(classIds?.[index]);
    return `<tr>${row.map((text, at) => cell('td', text, at, at === named ? swatch : '')).join('')}</tr>`;
  });
  return scrollingTable(`\n<thead><tr>${head}</tr></thead>\n<tbody>${body.join('\n')}</tbody>\n`, numbersStyle);
}

function columnOf(column: string | TableColumn, at: number, rows: readonly (readonly TableCell[])[]): TableColumn {
  if (typeof column !== 'string') return column;
  return { title: column, align: rows.every((row) => typeof row[at] === 'number') ? 'right' : 'left' };
}

function swatchOf(classId: number | undefined): string {
  if (classId === undefined) return '';
  const look = 'display:inline-block;width:.8em;height:.8em;margin-right:.5em;border-radius:.15em';
  const edge = 'outline:1px solid rgba(128,128,128,.6)';
  return `<span style="${look};${edge};background:${toHex(classColor(classId))}"></span>`;
}

function hidden({ rows }: ResultTable): string[] {
  return rows.length > maxRows ? [`… and ${rows.length - maxRows} more`] : [];
}
