import path from 'node:path';
import { declareHelpers, HELPER_NAMES } from '../helpers';
import type { LanguageServer } from './language-server';
import type { DeclaredName, NameKind, ReadCell } from './read-cell';

/** The namespace through which the documents of cells see each other. */
const CELLS = '__cells';
const HELPERS_DOCUMENT = 'helpers';
/** How many documents there are at first, for cells that declare something. */
const DOCUMENTS = 64;

/** Where a name was declared last. */
interface Owner {
  document: string;
  kind: NameKind;
}

/** The text of a cell for the compiler. */
export interface CellText {
  text: string;
  /** Lines before the cell's first line. */
  linesBefore: number;
  /** The names that it takes from earlier cells, with the documents of these. */
  used: ReadonlyMap<string, string>;
}

/**
 * The cells of a notebook as documents of one program.
 *
 * Each cell that declares something stays as a document with its source, so that a later cell sees the types that the
 * compiler infers from it, even those that can't be written down. A document makes itself a member of a global
 * namespace instead of being imported: so neither a new cell nor its use of earlier ones changes which modules import
 * which others, and the compiler can keep its program. A document whose names have all been declared anew, and that no
 * other one uses, is used again.
 */
export class CellDocuments {
  readonly current: string;
  private readonly owners = new Map<string, Owner>();
  /** The documents that each document uses. */
  private readonly uses = new Map<string, ReadonlySet<string>>();
  private count = DOCUMENTS;
  private hasHelpers = false;

  constructor(
    private readonly server: LanguageServer,
    private readonly folder: string,
    /** Called with the names of the program's files whenever they change. */
    private readonly onFiles: (files: readonly string[]) => void,
  ) {
    this.current = this.fileOf('current');
    this.listFiles();
  }

  /** The names that cells have declared, and the helpers. */
  has(name: string): boolean {
    return this.owners.has(name) || HELPER_NAMES.includes(name);
  }

  /** The number of documents that have the declarations of cells. */
  get size(): number {
    return this.uses.size;
  }

  /** The names of values, with their kinds. */
  names(): Map<string, NameKind> {
    const helpers = HELPER_NAMES.map((name): [string, NameKind] => [name, 'function']);
    return new Map([...helpers, ...[...this.owners].map(([name, { kind }]): [string, NameKind] => [name, kind])]);
  }

  kindOf(name: string): NameKind | undefined {
    return this.owners.get(name)?.kind;
  }

  /** Writes a cell as the current document. */
  show(source: string, declared: ReadonlyMap<string, DeclaredName>): CellText {
    const text = this.textOf(source, declared, [...declared.keys()]);
    this.server.write(this.current, text.text);
    return text;
  }

  /** Keeps the declarations of a cell for later ones, except those of the names that it has missed. */
  keep({ declared, declarations }: ReadCell, missed: ReadonlySet<string>): void {
    const names = [...declared.keys()].filter((name) => !missed.has(name));
    if (names.length === 0) return;
    const document = this.free();
    const { text, used } = this.textOf(declarations, declared, names);
    const itself = `import * as $self from './${path.basename(this.fileOf(document), '.ts')}';`;
    const member = `declare global { namespace ${CELLS} { export import ${document} = $self; } }`;
    this.server.write(this.fileOf(document), `${text}\n${itself} ${member}`);
    this.uses.set(document, new Set(used.values()));
    for (const name of names) {
      const kind = declared.get(name)?.kind;
      if (kind !== undefined) this.owners.set(name, { document, kind });
    }
  }

  reset(): void {
    this.owners.clear();
    this.uses.clear();
  }

  private textOf(source: string, declared: ReadonlyMap<string, DeclaredName>, exported: readonly string[]): CellText {
    const used = new Map<string, string>();
    const before: string[] = [];
    for (const [word] of source.matchAll(/[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*/gu)) {
      if (declared.has(word) || used.has(word)) continue;
      const owner = this.ownerOf(word);
      if (owner === undefined) continue;
      used.set(word, owner.document);
      before.push(declarationOf(word, owner));
    }
    return { text: `${before.join(' ')}\n${source}\nexport { ${exported.join(', ')} };`, linesBefore: 1, used };
  }

  private ownerOf(name: string): Owner | undefined {
    const owner = this.owners.get(name);
    if (owner !== undefined || !HELPER_NAMES.includes(name)) return owner;
    this.showHelpers();
    return { document: HELPERS_DOCUMENT, kind: 'import' };
  }

  /** Only once a cell mentions one, because their types cost the compiler time and memory. */
  private showHelpers(): void {
    if (this.hasHelpers) return;
    this.hasHelpers = true;
    const file = this.fileOf(HELPERS_DOCUMENT);
    const itself = `import * as $self from './${path.basename(file, '.ts')}';`;
    const member = `declare global { namespace ${CELLS} { export import ${HELPERS_DOCUMENT} = $self; } }`;
    const names = `export { ${HELPER_NAMES.join(', ')} };`;
    this.server.write(file, `${declareHelpers(HELPER_NAMES)}\n${names}\n${itself} ${member}`);
  }

  /** A document that nothing uses. */
  private free(): string {
    const used = this.usedDocuments();
    for (let index = 0; ; index += 1) {
      if (index === this.count) {
        this.count *= 2;
        this.listFiles();
      }
      const document = `cell${index}`;
      if (!used.has(document)) return document;
    }
  }

  private usedDocuments(): Set<string> {
    const used = new Set([...this.owners.values()].map(({ document }) => document));
    for (const document of used) for (const next of this.uses.get(document) ?? []) used.add(next);
    return used;
  }

  private listFiles(): void {
    const documents = Array.from({ length: this.count }, (_, index) => `cell${index}`);
    this.onFiles(['current', HELPERS_DOCUMENT, ...documents].map((document) => this.fileOf(document)));
  }

  private fileOf(document: string): string {
    return path.join(this.folder, `.notebook-${document}.ts`);
  }
}

/** Declares a name of another document. An import can't be assigned to, so a variable gets a declaration. */
function declarationOf(name: string, { document, kind }: Owner): string {
  const target = `${CELLS}.${document}.${name}`;
  return kind === 'variable' ? `declare let ${name}: typeof ${target};` : `import ${name} = ${target};`;
}
