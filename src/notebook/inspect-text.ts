import { inspect } from 'node:util';

/** The text form of a value without its own display. */
export function inspectText(value: unknown): string {
  return inspect(value, { depth: 4, breakLength: 100, maxStringLength: 10_000 });
}
