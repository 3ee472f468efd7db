import { createHook } from 'node:async_hooks';

/** The Node internals used here: counters that its native side reads. */
interface AsyncWrap {
  async_hook_fields: Uint32Array;
  constants: { kTotals: number; kCheck: number };
}

interface HookPrototype {
  enable(): unknown;
  disable(): unknown;
}

/**
 * From this version on, Node keeps the stores of `AsyncLocalStorage` without async hooks, and they can't be reached.
 */
const VERSION_WITHOUT = 24;

/**
 * Makes async hooks and `AsyncLocalStorage` safe in a process whose code V8 terminates. Terminated code never pops its
 * async context, and Node aborts on that mismatch as soon as a hook exists, ours or a cell's.
 */
export function disableHookChecks(): void {
  const wrap = asyncWrap();
  if (wrap === undefined) return;
  const { async_hook_fields: fields, constants } = wrap;
  const prototype = Object.getPrototypeOf(createHook({})) as HookPrototype;
  for (const name of ['enable', 'disable'] as const) {
    const change = prototype[name];
    prototype[name] = function (this: unknown): unknown {
      const result = change.call(this);
      fields[constants.kTotals] = 0;
      fields[constants.kCheck] = 0;
      return result;
    };
  }
}

function asyncWrap(): AsyncWrap | undefined {
  if (Number(process.versions.node.split('.')[0]) >= VERSION_WITHOUT) return undefined;
  const emit = process.emitWarning;
  // Node warns that this binding is deprecated.
  process.emitWarning = () => {};
  try {
    return (process as unknown as { binding(name: string): unknown }).binding('async_wrap') as AsyncWrap;
  } finally {
    process.emitWarning = emit;
  }
}
