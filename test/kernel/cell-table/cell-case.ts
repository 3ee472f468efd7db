/** Cells that are run one after the other, and what the last one must do. The cells before it must succeed. */
export interface CellCase {
  /** A row of the table in docs/cells.md. */
  readonly name: string;
  readonly cells: readonly [string, ...string[]];
  readonly expected: Expected;
  /** The first major version of Node that has what the cell runs. Earlier ones must refuse the cell. */
  readonly node?: number;
}

export type Expected =
  /** Its value, as text without quotes. */
  | { readonly kind: 'value'; readonly value: string }
  /** The compiler refuses it: code or message of its error. */
  | { readonly kind: 'refused'; readonly error: RegExp }
  /** It is compiled, and throws. */
  | { readonly kind: 'thrown'; readonly error: RegExp };

export interface CellTopic {
  readonly title: string;
  readonly cases: readonly CellCase[];
}

type Row = readonly [name: string, ...cells: [string, ...string[]]];

/** A case whose last cell has this value. */
export function gives(value: string | number | boolean, [name, ...cells]: Row, node?: number): CellCase {
  return { name, cells, expected: { kind: 'value', value: String(value) }, ...(node === undefined ? {} : { node }) };
}

/** A case whose last cell is refused by the compiler. */
export function refused(error: RegExp, [name, ...cells]: Row): CellCase {
  return { name, cells, expected: { kind: 'refused', error } };
}

/** A case whose last cell throws when it runs. */
export function thrown(error: RegExp, [name, ...cells]: Row): CellCase {
  return { name, cells, expected: { kind: 'thrown', error } };
}

/** The cell that is judged. */
export function lastCell({ cells }: CellCase): string {
  return cells[cells.length - 1] ?? '';
}
