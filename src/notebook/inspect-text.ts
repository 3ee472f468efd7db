import { inspect } from 'node:util';

/** How a value without a display of its own is printed. */
export function inspectText(value: unknown): string {
  return inspect(value, { depth: 4, breakLength: 100, maxStringLength: 10_000 });
}
