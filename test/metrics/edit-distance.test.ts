import { expect, test } from 'vitest';
import { editDistance, textSimilarity } from '../../src/metrics/edit-distance';

test.each([
  ['', '', 0],
  ['kitten', 'sitting', 3],
  ['abc', '', 3],
  ['中文字', '中字', 1],
  // A character outside the basic plane is one.
  ['a👍b', 'ab', 1],
  ['flaw', 'lawn', 2],
])('from %j to %j', (from, to, distance) => {
  expect(editDistance(from, to)).toBe(distance);
  expect(editDistance(to, from)).toBe(distance);
});

test('similarity is 1 for equal texts and 0 for others without anything in common', () => {
  expect(textSimilarity('', '')).toBe(1);
  expect(textSimilarity('ab', 'ab')).toBe(1);
  expect(textSimilarity('ab', 'cd')).toBe(0);
  expect(textSimilarity('abcd', 'ab')).toBe(0.5);
});
