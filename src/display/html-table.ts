/**
 * A table of rows that are HTML already. What is too wide for its place is scrolled, not cut; every HTML table is made here.
 *
 * @param style of the table element
 */
export function scrollingTable(rows: string, style = ''): string {
  const look = style === '' ? '' : ` cellpadding="4" style="${style}"`;
  return `<div style="overflow-x:auto"><table${look}>${rows}</table></div>`;
}

/** Numbers under each other; a table in it is aligned to the right by default. */
export const numbersStyle = 'border-collapse:collapse;text-align:right;font-variant-numeric:tabular-nums;margin:.4em 0';
