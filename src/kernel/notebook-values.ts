import type { CellScript } from './compiler/cell-compiler';
import { HELPERS } from './helpers';

const NOTHING: unique symbol = Symbol('nothing');

/** The values of a notebook's names. */
export class NotebookValues {
  /** Every name declared by cells, as a property; also the helpers, until a cell redeclares one. */
  readonly scope: Record<string, unknown> = Object.create(helperScope());
  /** The names of the running cell, with their values before it. */
  private before = new Map<string, unknown>();
  /** The names under which cells have left the values of their last expressions. */
  private readonly results = new Set<string>();

  beginCell({ names, valueName }: Pick<CellScript, 'names' | 'valueName'>): void {
    this.before = new Map(names.map((name) => [name, this.valueOf(name)]));
    if (valueName !== undefined) this.results.add(valueName);
  }

  /** Returns the names that the cell has not assigned, if it has failed. */
  endCell(): Set<string> {
    // The last value has been shown; drop it so that it can be collected.
    for (const name of this.results) delete this.scope[name];
    const missed = [...this.before].flatMap(([name, value]) => (this.valueOf(name) === value ? [name] : []));
    this.before.clear();
    return new Set(missed);
  }

  get isEmpty(): boolean {
    return Object.keys(this.scope).length === 0;
  }

  reset(): void {
    for (const name of Object.keys(this.scope)) delete this.scope[name];
  }

  private valueOf(name: string): unknown {
    return Object.hasOwn(this.scope, name) ? this.scope[name] : NOTHING;
  }
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
