import { declareHelpers, HELPER_NAMES } from '../helpers';
import { declaredNames, filterDeclarations } from './declarations';
import type { TypeScriptApi } from './internals';

/** The declarations before a cell and after it. */
interface CompiledDeclarations {
  before: string;
  after: string;
}

/** The types of a notebook's names, as declarations for the compiler. */
export class NotebookDeclarations {
  private text = '';
  private declared = new Set<string>();
  private compiled: CompiledDeclarations | undefined;

  constructor(private readonly ts: TypeScriptApi) {}

  /** The names that a cell can refer to. */
  get names(): ReadonlySet<string> {
    return new Set([...this.declared, ...HELPER_NAMES]);
  }

  /**
   * The declarations before a cell. They include the types of the helpers only once a cell mentions one, because these
   * cost the compiler time and memory.
   */
  before(source: string): string {
    const wanted = HELPER_NAMES.filter((name) => !this.declared.has(name) && mentions(source, name));
    return wanted.length === 0 ? this.text : `${this.text}\n${declareHelpers(wanted)}\n`;
  }

  helpersLike(prefix: string): string[] {
    return HELPER_NAMES.filter((name) => name.startsWith(prefix) && !this.declared.has(name));
  }

  beginCell(compiled: CompiledDeclarations): void {
    this.compiled = compiled;
  }

  forgetCell(): void {
    this.compiled = undefined;
  }

  /** A name that the cell would have redeclared but has not assigned keeps its old type. */
  endCell(missed: ReadonlySet<string>): void {
    const cell = this.compiled;
    this.compiled = undefined;
    if (cell !== undefined) this.set(missed.size === 0 ? cell.after : this.reached(cell, missed));
  }

  reset(): void {
    this.set('');
  }

  private reached({ before, after }: CompiledDeclarations, missed: ReadonlySet<string>): string {
    const kept = filterDeclarations(this.ts, after, (name) => !missed.has(name));
    const taken = declaredNames(this.ts, kept);
    const old = filterDeclarations(this.ts, before, (name) => missed.has(name) && !taken.has(name), 'values');
    return `${kept}\n${old}`;
  }

  private set(text: string): void {
    this.text = text;
    this.declared = declaredNames(this.ts, text);
  }
}

function mentions(source: string, name: string): boolean {
  return source.includes(name) && new RegExp(`(?<![\\w$])${name}(?![\\w$])`).test(source);
}
