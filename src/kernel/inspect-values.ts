import { AsyncResource } from 'node:async_hooks';
import { inspect } from 'node:util';
import { cleanStack, type StackContext } from './stack';

/** What Node notes on promises and resources to follow asynchronous work; the kernel makes it do so. */
const innerSymbols: readonly (string | undefined)[] = ['async_id_symbol', 'trigger_async_id_symbol', 'kResourceStore'];

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
  const copies = new WeakSet<object>();
  customize(Error.prototype, (error) => {
    if (copies.has(error)) return error;
    const copy = withCleanStack(error as Error, context);
    copies.add(copy);
    return copy;
  });
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

/** The same error with the frames that mean something in a notebook; the error itself stays as it is. */
function withCleanStack(error: Error, context: StackContext): Error {
  const copy = Object.create(Object.getPrototypeOf(error), Object.getOwnPropertyDescriptors(error)) as Error;
  if (typeof error.stack !== 'string') return copy;
  const firstFrame = error.stack.search(/^\s+at /m);
  const head = firstFrame < 0 ? error.stack : error.stack.slice(0, firstFrame).trimEnd();
  const frames = cleanStack(error, context).filter((line) => line.startsWith('    at '));
  Object.defineProperty(copy, 'stack', { value: [head, ...frames].join('\n'), configurable: true, writable: true });
  return copy;
}
