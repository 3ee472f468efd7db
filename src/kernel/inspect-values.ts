import { type AsyncLocalStorage, AsyncResource } from 'node:async_hooks';
import { inspect } from 'node:util';
import { cleanFrames, type StackContext } from './stack';

/**
 * Symbols that Node sets on promises and resources to track asynchronous work, because the kernel uses async hooks.
 */
const innerSymbols: readonly (string | undefined)[] = ['async_id_symbol', 'trigger_async_id_symbol'];

type CustomInspect = (this: object, depth: number, options: object, inspect: unknown) => unknown;

/** Makes values show as in plain Node: without the tracking symbols, and errors with the lines of cells. */
export function inspectAsInNode(context: StackContext): void {
  const timer = setTimeout(() => undefined, 0);
  const immediate = setImmediate(() => undefined);
  clearTimeout(timer);
  clearImmediate(immediate);
  for (const { prototype } of [Promise, timer.constructor, immediate.constructor, AsyncResource]) {
    customize(prototype, (value) => {
      hideInnerSymbols(value);
      return value;
    });
  }
  let within = false;
  const custom: CustomInspect = function (depth, options, inspectIt) {
    // A nested error is formatted with the outer one, and the whole text is cleaned once.
    if (within) return this;
    within = true;
    try {
      const own = { ...options, depth: (options as { depth?: unknown }).depth === null ? null : depth };
      const text = cleanFrames((inspectIt as typeof inspect)(this, own), context);
      // As an object, because only objects are indented with their surroundings.
      return { [inspect.custom]: () => text };
    } finally {
      within = false;
    }
  };
  Object.defineProperty(Error.prototype, inspect.custom, { value: custom, configurable: true, writable: true });
}

/** The symbols under which Node before version 24 keeps a store on each resource. */
interface StoreOnResources {
  readonly enabled: boolean;
  readonly kResourceStore?: symbol;
  _propagate(resource: object, from: object): void;
}

/** Hides these symbols, so that sockets, processes, timers and the like show as in plain Node. */
export function keepUnseen(storage: AsyncLocalStorage<unknown>): void {
  const inner = storage as unknown as StoreOnResources;
  const key = inner.kResourceStore;
  if (key === undefined) return;
  inner._propagate = (resource, from) => {
    if (!inner.enabled) return;
    const value: unknown = Reflect.get(from, key);
    if (Object.hasOwn(resource, key)) Reflect.set(resource, key, value);
    else Object.defineProperty(resource, key, { value, writable: true, configurable: true, enumerable: false });
  };
}

/**
 * Makes `util.inspect` show another value in place of each instance of a class; an earlier custom inspection still
 * applies.
 */
function customize(prototype: object, replace: (value: object) => object): void {
  const before = Object.getOwnPropertyDescriptor(prototype, inspect.custom)?.value as CustomInspect | undefined;
  const custom: CustomInspect = function (depth, options, inspectIt) {
    const value = replace(this);
    return before === undefined ? value : before.call(value, depth, options, inspectIt);
  };
  Object.defineProperty(prototype, inspect.custom, { value: custom, configurable: true, writable: true });
}

function hideInnerSymbols(value: object): void {
  for (const symbol of Object.getOwnPropertySymbols(value)) {
    if (!innerSymbols.includes(symbol.description)) continue;
    const { configurable } = Object.getOwnPropertyDescriptor(value, symbol) ?? {};
    if (configurable) Object.defineProperty(value, symbol, { enumerable: false });
  }
}
