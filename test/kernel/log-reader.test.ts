import { appendFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { LogReader } from '../../src/kernel/log-reader';
import { folderWith } from '../helpers/folders';

test('of a burst that is written in pieces only a MiB is passed on in a second, and its end when the cell ends', () => {
  const name = path.join(folderWith({ log: 'before' }), 'log');
  let now = 0;
  const reader = new LogReader({ name, from: 6 }, () => now);
  const append = (letter: string, bytes: number): void => appendFileSync(name, letter.repeat(bytes));
  try {
    append('a', 10);
    expect(reader.read()).toBe('a'.repeat(10));
    append('b', 3 * 2 ** 20);
    expect(reader.read()).toMatch(/^\[2\.0 MB of native log left out\]\nb+$/);
    append('c', 2 ** 20);
    now = 10;
    expect(reader.read()).toBe('');
    append('d', 5);
    expect(reader.readEnd()).toMatch(/^\[0\.9 MB of native log left out\]\nc{65531}d{5}$/);
    expect(reader.readEnd()).toBe('');

    now = 600;
    append('e', 2 ** 20);
    const later = reader.read();
    expect(later).toMatch(/^\[0\.\d MB of native log left out\]\ne+$/);
    expect(later.length).toBeLessThan(0.61 * 2 ** 20);
    now = 60_000;
    append('f', 2 ** 20);
    expect(reader.read()).toBe('f'.repeat(2 ** 20));
  } finally {
    reader.close();
  }
});
