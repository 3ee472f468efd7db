import { declareHelpers, HELPER_NAMES, HELPERS } from '../helpers';
import { declaredNames, filterDeclarations } from './declarations';
import type { TypeScriptApi } from './internals';

/** A running cell: the names it declares, and their previous values. */
interface RunningCell {
  names: readonly string[];
  valuesBefore: Map<string, unknown>;
  declarationsBefore: string;
  declarationsAfter: string;
}

const NOTHING: unique symbol = Symbol('nothing');

/** The names of a notebook: their values, and their types as passed to the compiler. */
export class Notebook {
  /** Every name declared by cells, as a property; also the helpers, until a cell redeclares one. */
  readonly scope: Record<string, unknown>;
  private declarations = '';
  private declared = new Set<string>();
  private running: RunningCell | undefined;

  constructor(private readonly ts: TypeScriptApi) {
    this.scope = Object.create(helperScope());
  }

  /** Makes an object fall back to the notebook's names for missing properties. */
  connect(object: object): void {
    Object.setPrototypeOf(object, this.scope);
  }

  /** The names that a cell can refer to. */
  get names(): ReadonlySet<string> {
    return new Set([...this.declared, ...HELPER_NAMES]);
  }

  /** The names that cells have declared. */
  get ownNames(): ReadonlySet<string> {
    return this.declared;
  }

  /**
   * The declarations before a cell. They include the types of the helpers only once a cell mentions one, because these
   * cost the compiler time and memory.
   */
  declarationsFor(source: string): string {
    const wanted = HELPER_NAMES.filter((name) => !this.declared.has(name) && mentions(source, name));
    return wanted.length === 0 ? this.declarations : `${this.declarations}\n${declareHelpers(wanted)}\n`;
  }

  helpersLike(prefix: string): string[] {
    return HELPER_NAMES.filter((name) => name.startsWith(prefix) && !this.declared.has(name));
  }

  beginCell(names: readonly string[], declarationsBefore: string, declarationsAfter: string): void {
    const valuesBefore = new Map(names.map((name) => [name, this.valueOf(name)]));
    this.running = { names, valuesBefore, declarationsBefore, declarationsAfter };
  }

  /** A failed cell keeps the names that it has assigned. */
  endCell(succeeded: boolean): void {
    const cell = this.running;
    this.running = undefined;
    // The last value has been shown; drop it so that it can be collected.
    for (const name of Object.keys(this.scope)) if (/^tsLastExpr\d*$/.test(name)) delete this.scope[name];
    if (cell === undefined) return;
    this.setDeclarations(succeeded ? cell.declarationsAfter : this.reached(cell));
  }

  reset(): void {
    for (const name of Object.keys(this.scope)) delete this.scope[name];
    this.setDeclarations('');
  }

  private reached({ names, valuesBefore, declarationsBefore, declarationsAfter }: RunningCell): string {
    const missed = new Set(names.filter((name) => this.valueOf(name) === valuesBefore.get(name)));
    const kept = filterDeclarations(this.ts, declarationsAfter, (name) => !missed.has(name));
    const taken = declaredNames(this.ts, kept);
    // A name that the cell would have redeclared keeps its old value and type.
    const old = filterDeclarations(
      this.ts,
      declarationsBefore,
      (name) => missed.has(name) && !taken.has(name),
      'values',
    );
    return `${kept}\n${old}`;
  }

  private valueOf(name: string): unknown {
    return Object.hasOwn(this.scope, name) ? this.scope[name] : NOTHING;
  }

  private setDeclarations(text: string): void {
    this.declarations = text;
    this.declared = declaredNames(this.ts, text);
  }
}

function mentions(source: string, name: string): boolean {
  return source.includes(name) && new RegExp(`(?<![\\w$])${name}(?![\\w$])`).test(source);
}

/** Helpers are loaded on first use. */
function helperScope(): object {
  const scope = Object.create(null);
  for (const [name, { load }] of Object.entries(HELPERS)) {
    Object.defineProperty(scope, name, {
      configurable: true,
      get: load,
      // A cell may reuse the name for something else.
      set(this: object, value: unknown) {
        Object.defineProperty(this, name, { value, writable: true, configurable: true, enumerable: true });
      },
    });
  }
  return scope;
}
