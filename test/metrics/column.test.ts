import { expect, test } from 'vitest';
import { bitsColumn } from '../../src/metrics/column';
import { byFallingScore } from '../../src/metrics/order';
import { seededRandom } from '../../src/metrics/statistics';

test.each([10, 5000])('%d scores are sorted as by comparing, equal ones in their order', (count) => {
  const random = seededRandom(count);
  // Many ties, negative numbers, and both zeros.
  const scores = Float64Array.from({ length: count }, () => Math.round((random() - 0.3) * 200) / 100);
  scores.set([0, -0, 0, 1e-300, -1e-300], 3);
  const expected = Array.from(scores.keys()).sort((a, b) => scores[b]! - scores[a]! || a - b);
  expect(Array.from(byFallingScore(scores))).toEqual(expected);
});

test('a column grows, and gives its numbers in another order', () => {
  const column = bitsColumn();
  for (let i = 0; i < 1000; i++) column.push(i);
  expect(column.length).toBe(1000);
  expect(column.at(999)).toBe(999);
  expect(column.take(Uint32Array.of(7, 3))).toEqual(Uint16Array.of(7, 3));
});
