import type { TableResult } from '../results';
import { csvLine } from '../text/csv';

/**
 * The rows of a table as comma-separated values (RFC 4180, lines end with a line feed).
 *
 * @example
 * import { readTable, toCsv } from 'paddlelab';
 * toCsv(await readTable('table.png'));
 */
export function toCsv({ rows }: TableResult): string {
  return rows.map((row) => `${csvLine(row)}\n`).join('');
}
