import type { NameKind, ReadCell } from './cell-syntax';

/** The namespace through which the documents of cells see each other. */
export const CELLS = '__cells';

/** A document with more text gets no further cells: each one is parsed again with all before it. */
const MOST_TEXT = 4096;

/** Where a name was declared last. */
export interface Owner {
  document: string;
  kind: NameKind;
  /** Whether it exists when cells run. */
  isValue: boolean;
}

/** The names that a text takes from other documents. */
export type UsedNames = ReadonlyMap<string, Owner>;

/** The declarations of several cells, in the order in which these ran. */
export class CellDocument {
  private readonly declared = new Set<string>();
  private readonly used = new Map<string, Owner>();
  private readonly parts: string[] = [];
  private size = 0;
  private hasImports = false;

  /** @param isGlobal whether it declares something without a name of its own: it is kept although no cell uses it */
  constructor(
    readonly name: string,
    readonly isGlobal: boolean,
  ) {}

  /** The documents that this one uses. */
  get uses(): Set<string> {
    return new Set([...this.used.values()].map(({ document }) => document));
  }

  /**
   * Whether a cell can be added so that each name means the same as in the cell itself. What a later cell assigns to a
   * variable is not in the document, so a cell that uses one of this document's variables can't rely on its flow.
   */
  takes(cell: ReadCell, used: UsedNames): boolean {
    // Another import would change which modules the program consists of.
    if (this.hasImports || cell.imports.length > 0 || this.size > MOST_TEXT) return false;
    for (const name of cell.declared.keys()) if (this.declared.has(name) || this.used.has(name)) return false;
    for (const [name, { document, kind }] of used) {
      const isOwn = document === this.name;
      if (isOwn ? kind === 'variable' : this.declared.has(name)) return false;
      const known = this.used.get(name);
      if (known !== undefined && known.document !== document) return false;
    }
    return true;
  }

  /** @param names those of its names that the cell has assigned */
  add(declarations: string, hasImports: boolean, used: UsedNames, names: readonly string[]): void {
    this.parts.push(declarations);
    this.size += declarations.length;
    this.hasImports ||= hasImports;
    for (const name of names) this.declared.add(name);
    for (const [name, owner] of used) if (owner.document !== this.name) this.used.set(name, owner);
  }

  /** @param module the document's name without an extension */
  text(module: string): string {
    const before = [...this.used].map(([name, owner]) => declarationOf(name, owner)).join(' ');
    const names = `export { ${[...this.declared].join(', ')} };`;
    return `${before}\n${this.parts.join('\n')}\n${names}\n${asMember(this.name, module)}`;
  }
}

/** Makes a module a member of the namespace. */
export function asMember(name: string, module: string): string {
  return `import * as $self from './${module}'; declare global { namespace ${CELLS} { export import ${name} = $self; } }`;
}

/** Declares a name of another document. An import can't be assigned to, so a variable gets a declaration. */
export function declarationOf(name: string, { document, kind }: Owner): string {
  const target = `${CELLS}.${document}.${name}`;
  return kind === 'variable' ? `declare let ${name}: typeof ${target};` : `import ${name} = ${target};`;
}

/** Everything in a text that can be a name. */
export function wordsOf(text: string): Set<string> {
  return new Set([...text.matchAll(/[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*/gu)].map(([word]) => word));
}
