import { expect, test } from 'vitest';
import { BufferPool } from '../../src/serve/buffer-pool';

const size = 2 ** 20;

test('memory that was left is used again for what fits, once', () => {
  const pool = new BufferPool();
  const first = pool.take(size);
  pool.leave(first);
  expect(pool.take(size - 8) === first).toBe(true);
  expect(pool.take(size) === first).toBe(false);
  pool.leave(first);
  // Neither too small nor much too large.
  expect(pool.take(size + 1) === first).toBe(false);
  expect(pool.take(size / 8) === first).toBe(false);
  expect(pool.take(size) === first).toBe(true);
});

test('not much is kept: nothing small, nothing huge, 64 MiB in all, the oldest goes first', () => {
  const pool = new BufferPool();
  for (const bytes of [1000, 2 ** 26 + 1]) {
    const one = pool.take(bytes);
    pool.leave(one);
    expect(pool.take(bytes) === one).toBe(false);
  }
  const many = Array.from({ length: 65 }, () => pool.take(size));
  for (const one of many) pool.leave(one);
  const again = new Set(many.map(() => pool.take(size)));
  expect(many.map((one) => again.has(one))).toEqual(many.map((_, i) => i > 0));
});
