import vm from 'node:vm';
import type { CellScript } from './compiler/cell-compiler';
import { keepingListeners } from './sigint';

/** The global object with everything that a cell's script calls. */
export const RUNTIME = '__paddlelab__';

/** The members of the global object. */
export interface CellRuntime {
  /** The notebook's names, as properties. */
  exports: object;
  require: NodeJS.Require;
  /** `import()` in cells. */
  import(specifier: string): Promise<object>;
  /** The value of `import name from`. */
  importDefault(loaded: unknown): unknown;
  /** The value of `import * as name from`. */
  importStar(loaded: unknown): object;
  /** `import.meta` in cells. */
  meta: object;
}

export function connectRuntime(runtime: CellRuntime): void {
  Object.defineProperty(globalThis, RUNTIME, { value: runtime, writable: true, configurable: true });
}

/**
 * Runs a compiled cell under the name that stack traces show. Its synchronous part ends on SIGINT; returns the promise
 * of the rest if the cell awaits.
 */
export function runScript({ code, awaits }: CellScript, filename: string): unknown {
  const head = `(${awaits ? 'async ' : ''}function(exports, require) { `;
  const wrapped = `${head}${code}\n})(${RUNTIME}.exports, ${RUNTIME}.require)`;
  // The cell's first line begins behind the head.
  const columnOffset = -head.length;
  return keepingListeners(() => vm.runInThisContext(wrapped, { filename, columnOffset, breakOnSigint: true }));
}
