import path from 'node:path';
import { declareHelpers, HELPER_NAMES } from '../helpers';
import { asMember, CellDocument, declarationOf, type Owner, type UsedNames, wordsOf } from './cell-document';
import type { DeclaredName, NameKind, ReadCell } from './cell-syntax';
import type { EmitOptions } from './emit';
import type { LanguageServer } from './language-server';

const HELPERS_DOCUMENT = 'helpers';
/** How many documents there are at first, for the declarations of cells. */
const DOCUMENTS = 8;

/** The text of a cell for the compiler. */
export interface CellText {
  /** Lines before the cell's first line. */
  linesBefore: number;
  /** The names that it takes from earlier cells. */
  used: UsedNames;
}

/**
 * The cells of a notebook as documents of one program.
 *
 * The declarations of each cell stay as source, so that a later cell sees the types that the compiler infers from it,
 * even those that can't be written down. A document makes itself a member of a global namespace instead of being
 * imported: so neither a new cell nor its use of earlier ones changes which modules import which others, and the
 * compiler can keep its program. A document whose names have all been declared anew, and that no other one uses, is
 * used again.
 */
export class CellDocuments {
  readonly current: string;
  private readonly owners = new Map<string, Owner>();
  private readonly documents = new Map<string, CellDocument>();
  /** The document that got the last cell. */
  private last: CellDocument | undefined;
  private count = DOCUMENTS;
  private hasHelpers = false;

  constructor(
    private readonly server: LanguageServer,
    private readonly folder: string,
    private readonly syntax: Pick<EmitOptions, 'language' | 'jsx'>,
    /** Called with the names of the program's files whenever they change. */
    private readonly onFiles: (files: readonly string[]) => void,
  ) {
    this.current = this.fileOf('current');
    this.listFiles();
  }

  /** Whether a name is one that cells have declared, or a helper. */
  has(name: string): boolean {
    return this.owners.has(name) || HELPER_NAMES.includes(name);
  }

  /** Whether it has a value of the notebook's; what a cell only declares is a type, or the value of a global name. */
  hasValue(name: string): boolean {
    return this.owners.get(name)?.isValue ?? HELPER_NAMES.includes(name);
  }

  /** The number of documents that have the declarations of cells. */
  get size(): number {
    return this.documents.size;
  }

  /** All names, with their kinds. */
  names(): Map<string, NameKind> {
    const helpers = HELPER_NAMES.map((name): [string, NameKind] => [name, 'function']);
    return new Map([...helpers, ...[...this.owners].map(([name, { kind }]): [string, NameKind] => [name, kind])]);
  }

  kindOf(name: string): NameKind | undefined {
    return this.owners.get(name)?.kind;
  }

  /** Writes a cell as the current document. */
  show(source: string, declared: ReadonlyMap<string, DeclaredName>): CellText {
    const used = this.usedIn(source, declared);
    const before = [...used].map(([name, owner]) => declarationOf(name, owner)).join(' ');
    this.server.write(this.current, `${before}\n${source}\n;export { ${[...declared.keys()].join(', ')} };`);
    return { linesBefore: 1, used };
  }

  /**
   * Keeps the declarations of a cell for later ones, except those of the names that it has missed. Returns whether there
   * are any.
   *
   * @param types those of its names that need not be inferred again
   */
  keep(cell: ReadCell, missed: ReadonlySet<string>, types: ReadonlyMap<string, string>): boolean {
    const names = [...cell.declared.keys()].filter((name) => !missed.has(name));
    const declarations = cell.declarations(types);
    const isGlobal = cell.declared.size === 0 && declarations !== '';
    if (names.length === 0 && !isGlobal) return false;
    const used = this.usedIn(declarations, cell.declared);
    const document = this.last?.takes(cell, used) && !isGlobal ? this.last : this.startDocument(isGlobal);
    document.add(declarations, cell.imports.length > 0, used, names);
    this.last = document;
    const file = this.fileOf(document.name);
    this.server.write(file, document.text(path.basename(file, path.extname(file))));
    for (const name of names) {
      const declared = cell.declared.get(name);
      if (declared !== undefined) this.owners.set(name, { document: document.name, ...declared });
    }
    return true;
  }

  reset(): void {
    for (const name of this.documents.keys()) this.server.write(this.fileOf(name), 'export {};');
    this.owners.clear();
    this.documents.clear();
    this.last = undefined;
  }

  private usedIn(text: string, declared: ReadonlyMap<string, DeclaredName>): Map<string, Owner> {
    const used = new Map<string, Owner>();
    for (const word of [...wordsOf(text), ...this.jsxNames()]) {
      const owner = declared.has(word) ? undefined : this.ownerOf(word);
      if (owner !== undefined) used.set(word, owner);
    }
    return used;
  }

  /** What JSX needs without naming it. */
  private jsxNames(): string[] {
    const { language, jsx } = this.syntax;
    if (language === 'ts' || jsx.isAutomatic) return [];
    return [jsx.factory, jsx.fragment].map((name) => name.split('.')[0] ?? name);
  }

  private ownerOf(name: string): Owner | undefined {
    const owner = this.owners.get(name);
    if (owner !== undefined || !HELPER_NAMES.includes(name)) return owner;
    this.showHelpers();
    return { document: HELPERS_DOCUMENT, kind: 'import', isValue: true };
  }

  /** Only once a cell mentions one, because their types cost the compiler time and memory. */
  private showHelpers(): void {
    if (this.hasHelpers) return;
    this.hasHelpers = true;
    const file = this.fileOf(HELPERS_DOCUMENT);
    const names = `export { ${HELPER_NAMES.join(', ')} };`;
    const member = asMember(HELPERS_DOCUMENT, path.basename(file, path.extname(file)));
    this.server.write(file, `${declareHelpers(HELPER_NAMES)}\n${names}\n${member}`);
  }

  /** An empty document, in the place of one that nothing uses. */
  private startDocument(isGlobal: boolean): CellDocument {
    const used = this.usedDocuments();
    let index = 0;
    while (used.has(`cells${index}`)) index += 1;
    if (index >= this.count) {
      this.count *= 2;
      this.listFiles();
    }
    const document = new CellDocument(`cells${index}`, isGlobal);
    this.documents.set(document.name, document);
    return document;
  }

  private usedDocuments(): Set<string> {
    const global = [...this.documents.values()].flatMap(({ name, isGlobal }) => (isGlobal ? [name] : []));
    const used = new Set([...this.owners.values()].map(({ document }) => document).concat(global));
    for (const name of used) for (const next of this.documents.get(name)?.uses ?? []) used.add(next);
    return used;
  }

  private listFiles(): void {
    const documents = Array.from({ length: this.count }, (_, index) => `cells${index}`);
    this.onFiles(['current', HELPERS_DOCUMENT, ...documents].map((document) => this.fileOf(document)));
  }

  private fileOf(document: string): string {
    return path.join(this.folder, `.notebook-${document}.${this.syntax.language}`);
  }
}
