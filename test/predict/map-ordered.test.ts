import { describe, expect, test } from 'vitest';
import { mapOrdered } from '../../src/predict/map-ordered';

/** Work that ends when the test releases it. */
class Gate<T> {
  readonly opened: Promise<T>;
  open!: (value: T) => void;
  constructor() {
    this.opened = new Promise((resolve) => {
      this.open = resolve;
    });
  }
}

describe('mapping in order', () => {
  test('starts up to the limit, and returns in the order of the items', async () => {
    const gates = Array.from({ length: 5 }, () => new Gate<string>());
    const started: number[] = [];
    const answers = mapOrdered([0, 1, 2, 3, 4], 3, (item) => {
      started.push(item);
      return gates[item]!.opened;
    });
    const first = answers.next();
    while (started.length < 3) await new Promise((resolve) => setImmediate(resolve));
    gates[2]!.open('c');
    gates[1]!.open('b');
    await gates[1]!.opened;
    gates[0]!.open('a');
    expect((await first).value).toBe('a');
    expect(started).toEqual([0, 1, 2]);
    expect((await answers.next()).value).toBe('b');
    for (const [i, gate] of gates.entries()) gate.open(`late ${i}`);
    const rest: string[] = [];
    for await (const answer of answers) rest.push(answer);
    expect(rest).toEqual(['c', 'late 3', 'late 4']);
  });

  test('returns results while the next item is still pending', async () => {
    const gate = new Gate<void>();
    async function* slow() {
      yield 'one';
      await gate.opened;
      yield 'two';
    }
    const answers = mapOrdered(slow(), 4, async (item) => item.toUpperCase());
    expect((await answers.next()).value).toBe('ONE');
    gate.open();
    expect((await answers.next()).value).toBe('TWO');
    expect((await answers.next()).done).toBe(true);
  });

  test('throws in order, waits for running work, and ends the source', async () => {
    let ended = false;
    let finished = 0;
    function* source() {
      try {
        for (let i = 0; ; i++) yield i;
      } finally {
        ended = true;
      }
    }
    const answers = mapOrdered(source(), 3, async (item) => {
      await new Promise((resolve) => setImmediate(resolve));
      finished++;
      if (item === 1) throw new Error('one is wrong');
      return item;
    });
    expect((await answers.next()).value).toBe(0);
    await expect(answers.next()).rejects.toThrow('one is wrong');
    expect(ended).toBe(true);
    expect(finished).toBeGreaterThanOrEqual(3);
  });

  test('rethrows errors of the source, and does not wait for an item that never comes', async () => {
    async function* broken() {
      yield 1;
      throw new Error('source ended');
    }
    const answers = mapOrdered(broken(), 1, async (item) => item);
    expect((await answers.next()).value).toBe(1);
    await expect(answers.next()).rejects.toThrow('source ended');
    let asked = 0;
    const never = new Promise<IteratorResult<number>>(() => undefined);
    const next = () => (asked++ === 0 ? Promise.resolve({ value: 1, done: false as const }) : never);
    const endless: AsyncIterable<number> = { [Symbol.asyncIterator]: () => ({ next }) };
    for await (const answer of mapOrdered(endless, 2, async (item) => item)) {
      expect(answer).toBe(1);
      break;
    }
  });
});
