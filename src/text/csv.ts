export type CsvCell = string | number | boolean | undefined;

/** A line of CSV as RFC 4180 has it, without its end; a missing value is an empty cell. */
export function csvLine(cells: readonly CsvCell[]): string {
  return cells.map(quote).join(',');
}

function quote(cell: CsvCell): string {
  const text = cell === undefined ? '' : String(cell);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
