import { htmlTable } from '../../display/html-table';
import { inspectText } from '../inspect-text';
import type { ValueDisplay } from './value-display';

/** Maximum number of rows shown; further ones are only counted. */
const MOST_ROWS = 50;
const MOST_COLUMNS = 20;

type Plain = Record<string, unknown>;

/** Records with the same keys, such as rows of a file, as an HTML table; their text form is unchanged. */
export const recordsDisplay: ValueDisplay = {
  matches(value) {
    if (!Array.isArray(value) || value.length < 2) return false;
    const columns = columnsOf(value[0]);
    if (columns === undefined || columns.length > MOST_COLUMNS) return false;
    return value.every((item) => columnsOf(item)?.join() === columns.join());
  },
  show(value) {
    const records = value as Plain[];
    const columns = Object.keys(records[0] ?? {});
    const rows = records.slice(0, MOST_ROWS).map((record) => columns.map((column) => cell(record[column])));
    const more = records.length > rows.length ? `<div>… and ${records.length - rows.length} more</div>` : '';
    return { 'text/html': `${htmlTable(columns, rows)}${more}`, 'text/plain': inspectText(value) };
  },
};

/** The keys of a plain object with simple values; undefined for anything else. */
function columnsOf(value: unknown): string[] | undefined {
  if (value === null || typeof value !== 'object' || Object.getPrototypeOf(value) !== Object.prototype)
    return undefined;
  const entries = Object.entries(value);
  const isSimple = entries.every(([, part]) => part === null || typeof part !== 'object');
  return entries.length > 0 && isSimple ? entries.map(([name]) => name) : undefined;
}

function cell(value: unknown): string {
  return typeof value === 'number' && !Number.isInteger(value) ? String(Number(value.toPrecision(6))) : String(value);
}
