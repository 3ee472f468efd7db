import { declareHelpers, HELPER_NAMES, HELPERS } from '../helpers';
import { declaredNames, filterDeclarations } from './declarations';
import type { TypeScriptApi } from './internals';

/** A cell that runs: what it declares, and the values that its names had before. */
interface RunningCell {
  names: readonly string[];
  valuesBefore: Map<string, unknown>;
  declarationsBefore: string;
  declarationsAfter: string;
}

const NOTHING: unique symbol = Symbol('nothing');

/** The names of a notebook: their values, and their types as the compiler gets them. */
export class Notebook {
  /** Every name that cells have declared, as a property; the helpers are there, too, until a cell takes their name. */
  readonly scope: Record<string, unknown>;
  private declarations = '';
  private declared = new Set<string>();
  private running: RunningCell | undefined;

  constructor(private readonly ts: TypeScriptApi) {
    this.scope = Object.create(helperScope());
  }

  /** Makes an object find what it has not itself among the names. */
  connect(object: object): void {
    Object.setPrototypeOf(object, this.scope);
  }

  /** What a cell can refer to. */
  get names(): ReadonlySet<string> {
    return new Set([...this.declared, ...HELPER_NAMES]);
  }

  /** What cells have declared. */
  get ownNames(): ReadonlySet<string> {
    return this.declared;
  }

  /**
   * The declarations before a cell. The types of the helpers are part of them as soon as a cell mentions one; the
   * compiler needs time and memory for them.
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

  /** Of a cell that failed, the names stay that it came to assign. */
  endCell(succeeded: boolean): void {
    const cell = this.running;
    this.running = undefined;
    // The last value has been shown; nothing may keep it alive.
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
    // A name that the cell would have declared anew is still what it was.
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

/** Helpers are loaded when a cell uses them first. */
function helperScope(): object {
  const scope = Object.create(null);
  for (const [name, { load }] of Object.entries(HELPERS)) {
    Object.defineProperty(scope, name, {
      configurable: true,
      get: load,
      // A cell may take the name for something else.
      set(this: object, value: unknown) {
        Object.defineProperty(this, name, { value, writable: true, configurable: true, enumerable: true });
      },
    });
  }
  return scope;
}
