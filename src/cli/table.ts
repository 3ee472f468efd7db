import { alignRows } from '../text/table';

/** Rows of text under a heading, each column as wide as its widest cell. */
export function formatTable(heading: readonly string[], rows: readonly (readonly string[])[]): string {
  return alignRows([heading, ...rows]).join('\n');
}
