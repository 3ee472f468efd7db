import { type AsyncLocalStorage, AsyncResource } from 'node:async_hooks';
import { inspect } from 'node:util';
import { cleanFrames, type StackContext } from './stack';

/** What Node notes on promises and resources to follow asynchronous work; the kernel makes it do so. */
const innerSymbols: readonly (string | undefined)[] = ['async_id_symbol', 'trigger_async_id_symbol'];

type CustomInspect = (this: object, depth: number, options: object, inspect: unknown) => unknown;

/** Values show as in a plain Node: without what the kernel notes on them, and errors with the lines of cells. */
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
    // An error inside of another one is formatted with it, and the whole text is cleaned once.
    if (within) return this;
    within = true;
    try {
      const own = { ...options, depth: (options as { depth?: unknown }).depth === null ? null : depth };
      const text = cleanFrames((inspectIt as typeof inspect)(this, own), context);
      // As an object, because only those are indented with what they stand in.
      return { [inspect.custom]: () => text };
    } finally {
      within = false;
    }
  };
  Object.defineProperty(Error.prototype, inspect.custom, { value: custom, configurable: true, writable: true });
}

/** What Node keeps stores with before its version 24: a symbol on each resource that carries one. */
interface StoreOnResources {
  readonly enabled: boolean;
  readonly kResourceStore?: symbol;
  _propagate(resource: object, from: object): void;
}

/** Lets a store follow asynchronous work without a mark that shows on sockets, processes, timers and the like. */
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

/** Lets `util.inspect` show another value in place of each of a class; what it showed before goes on from there. */
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
