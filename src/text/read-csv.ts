/** The rows of CSV text by RFC 4180: cells in quotes may have commas, quotes (doubled) and line ends. */
export function readCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  // A cell and what ends it; the last one is ended by the end of the text.
  const cells = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/gy;
  const content = text.replace(/^\uFEFF/, '');
  while (cells.lastIndex < content.length) {
    const at = cells.lastIndex;
    const match = cells.exec(content);
    if (match === null)
      throw new SyntaxError(`a quote in row ${rows.length + 1}, after ${JSON.stringify(content.slice(at, at + 20))}`);
    const [, quoted, plain = '', end] = match;
    row.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === ',') {
      if (cells.lastIndex === content.length) row.push('');
      continue;
    }
    rows.push(row);
    row = [];
  }
  if (row.length > 0) rows.push(row);
  return rows;
}
