export type CsvCell = string | number | boolean | undefined;

/** A CSV line according to RFC 4180, without line end; a missing value is an empty cell. */
export function csvLine(cells: readonly CsvCell[]): string {
  return cells.map(quote).join(',');
}

function quote(cell: CsvCell): string {
  const text = cell === undefined ? '' : String(cell);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
