import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ScriptMaps } from '../../src/kernel/compiler/cell-compiler';
import { cleanStack, type StackContext } from '../../src/kernel/stack';

/** Set by the test runner for its source maps. */
const formatting = Error as { prepareStackTrace?: unknown };
let before: unknown;
beforeEach(() => {
  before = formatting.prepareStackTrace;
  formatting.prepareStackTrace = undefined;
});
afterEach(() => {
  formatting.prepareStackTrace = before;
});

const maps = { has: () => false } as unknown as ScriptMaps;
const after: StackContext = { maps, sourceOf: () => undefined, hasTerminated: true };

class Maker {
  readonly error: Error;
  constructor() {
    this.error = this.make();
  }
  make(): Error {
    return inner();
  }
}
const inner = (): Error => new RangeError('made here');

test('after a termination, stacks are formatted without the types of receivers, which V8 may abort on', async () => {
  const { error } = new Maker();
  const frames = cleanStack(error, after);
  expect(frames[0]).toMatch(/^ {4}at inner \(.*stack\.test\.ts\S*:\d+:\d+\)$/);
  expect(frames[1]).toMatch(/^ {4}at make \(/);
  expect(frames[2]).toMatch(/^ {4}at new Maker \(/);
  // What others print later is whole.
  expect(error.stack).toMatch(/^RangeError: made here\n {4}at inner \(/);
  const late = async (): Promise<Error> => {
    await null;
    return new Error('late');
  };
  const whole = async (): Promise<Error> => await late();
  expect(cleanStack(await whole(), after).join('\n')).toMatch(/at late \(.*\n +at whole \(/);
  expect(formatting.prepareStackTrace).toBeUndefined();
});

test('otherwise they have the types, and formatting that a cell has chosen is kept', () => {
  expect(cleanStack(new Maker().error, { ...after, hasTerminated: false })[1]).toMatch(/^ {4}at Maker\.make \(/);
  formatting.prepareStackTrace = () => 'Error: own\n    at mine (own.js:1:2)';
  expect(cleanStack(new Maker().error, after)).toEqual(['    at mine (own.js:1:2)']);
});
