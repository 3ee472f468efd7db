import { describe, expect, test } from 'vitest';
import { loadBinding } from '../../src/native/binding';
import { randomNumbers } from '../helpers/kernel-properties';

/** What Python does: `argmax` and `max` of each column, then its decoder's selection. */
function decodePlainly(probabilities: Float32Array, columns: number, classes: number): number[][] {
  const best = Array.from({ length: columns }, (_, column) => {
    const values = probabilities.subarray(column * classes, (column + 1) * classes);
    const most = values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
    return [values.indexOf(most), most] as const;
  });
  return best.flatMap(([id, score], column) => {
    if (id === 0 || best[column - 1]?.[0] === id) return [];
    let end = column + 1;
    while (best[end]?.[0] === id) end++;
    return [[id, score, column, end]];
  });
}

async function decode(probabilities: Float32Array, columns: number, classes: number): Promise<number[][]> {
  const found = await loadBinding().decodeCtc({ probabilities, columns, classes });
  expect(found.notNumbers).toBe(0);
  return Array.from(found.classes, (id, i) => [
    ...[id, found.scores[i] as number],
    ...[found.columns[2 * i] as number, found.columns[2 * i + 1] as number],
  ]);
}

describe('CTC decoding', () => {
  test('repeated classes are one character, a blank between them makes two, columns are kept', async () => {
    const best = [0, 2, 2, 0, 2, 1, 1, 1, 0, 3];
    const values = best.flatMap((id, column) => [0, 1, 2, 3].map((each) => (each === id ? 0.5 + column / 32 : 0.125)));
    expect(await decode(Float32Array.from(values), best.length, 4)).toEqual([
      [2, 0.53125, 1, 3],
      [2, 0.625, 4, 5],
      [1, 0.65625, 5, 8],
      [3, 0.78125, 9, 10],
    ]);
  });

  test('gives what the plain rule gives for any number of classes, also of equal and negative values', async () => {
    const random = randomNumbers(5);
    for (let classes = 1; classes < 70; classes++) {
      const columns = 1 + Math.floor(random() * 12);
      const levels = random() < 0.5 ? 3 : 1e6;
      const values = Float32Array.from(
        { length: columns * classes },
        () => Math.floor(random() * levels) / levels - 0.5,
      );
      // Runs of equal columns.
      for (let i = classes; i < values.length; i++) if (random() < 0.5) values[i] = values[i - classes] as number;
      expect(await decode(values, columns, classes)).toEqual(decodePlainly(values, columns, classes));
    }
  });

  test('infinite values are compared, NaN are counted', async () => {
    const [inf, nan] = [Number.POSITIVE_INFINITY, Number.NaN];
    const values = [0, inf, 0, 0, 0, -inf, -inf, -inf, -inf, -inf];
    expect(await decode(Float32Array.from(values), 2, 5)).toEqual([[1, inf, 0, 1]]);
    for (let at = 0; at < 7; at++) {
      const probabilities = Float32Array.from({ length: 14 }, (_, i) => (i === at ? nan : i / 14));
      const found = await loadBinding().decodeCtc({ probabilities, columns: 2, classes: 7 });
      expect([found.notNumbers, [...found.classes]]).toEqual([1, [6]]);
    }
  });
});
