/** A package of npm in cells: it is imported, runs, and has types. */
export interface PackageCase {
  /** What npm installs: the package and, if it has no types of its own, those of DefinitelyTyped. */
  readonly install: readonly string[];
  /** Imports the package and ends with a value. */
  readonly works: string;
  readonly value: string;
  /** Must be refused by the compiler: `any` in place of the package's types would let it pass. */
  readonly refused: string;
}

/** `value` is what the cell's last line gives, as text. */
export function works(install: string, cell: string, value: string | number | boolean, refused: string): PackageCase {
  return { install: install.split(' '), works: cell, value: String(value), refused };
}
