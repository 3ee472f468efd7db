import { createHook } from 'node:async_hooks';

/** What is reached into of Node: counters that its native side looks at. */
interface AsyncWrap {
  async_hook_fields: Uint32Array;
  constants: { kTotals: number; kCheck: number };
}

interface HookPrototype {
  enable(): unknown;
  disable(): unknown;
}

/** From here on, Node keeps the stores of `AsyncLocalStorage` without async hooks, and does not let us at them. */
const VERSION_WITHOUT = 24;

/**
 * Lets async hooks and `AsyncLocalStorage` be used in a process whose code V8 ends by force: what runs then never says
 * that it is over, and Node would abort because of that as soon as there is a hook, ours or one of a cell's.
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
  // Node says that such a binding is deprecated.
  process.emitWarning = () => {};
  try {
    return (process as unknown as { binding(name: string): unknown }).binding('async_wrap') as AsyncWrap;
  } finally {
    process.emitWarning = emit;
  }
}
