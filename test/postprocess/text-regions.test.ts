import { describe, expect, test } from 'vitest';
import { loadBinding } from '../../src/native/binding';
import type { NativeTextMap } from '../../src/native/text-types';
import { ensureOpenCv } from '../helpers/opencv';
import { drawTextMaps } from '../helpers/text-maps';

const python = ensureOpenCv('text');

/** Rules of PaddleX for a map that is drawn as text: `#` is text for sure, other characters are not. */
function mapOf(...rows: string[]): NativeTextMap {
  const map = Float32Array.from(rows.join(''), (cell) => (cell === '#' ? 1 : 0));
  return {
    ...{ map, width: rows[0]?.length ?? 0, height: rows.length },
    ...{ pixelThreshold: 0.3, boxThreshold: 0.6, unclipRatio: 1.5, maxCandidates: 1000, minSize: 3 },
    ...{ dilation: false, slowScores: false, singleLengths: true },
  };
}

function line(length: number): string[] {
  const empty = '.'.repeat(length);
  return [...Array<string>(8).fill(empty), ...Array<string>(6).fill(`....${'#'.repeat(length - 8)}....`), empty, empty];
}

describe('regions of text in a map', () => {
  test.skipIf(python === undefined)('equal those of Python to the bit', { timeout: 120_000 }, async () => {
    let boxes = 0;
    for (const { job, boxes: expected } of drawTextMaps(python as string, 1, 250)) {
      const { corners, scores } = await loadBinding().findTextBoxes(job);
      const found = Array.from(scores, (score, i) => [Array.from(corners.subarray(8 * i, 8 * i + 8)), score]);
      expect(found).toEqual(expected);
      boxes += found.length;
    }
    expect(boxes).toBeGreaterThan(400);
  });

  test('a line of text is widened to all sides, with its mean probability', async () => {
    const { corners, scores } = await loadBinding().findTextBoxes(mapOf(...line(40)));
    expect([...scores]).toEqual([1]);
    // 31 × 5 between the centres of its pixels, widened by 31 · 5 · 1.5 ÷ 72 = 3.2 pixels.
    expect(Array.from(corners, Math.round)).toEqual([1, 5, 38, 5, 38, 16, 1, 16]);
  });

  test('what is narrower than the smallest size is left out, as is what scores too low', async () => {
    const { findTextBoxes } = loadBinding();
    const thin = mapOf('..........', '.########.', '.########.', '..........');
    expect((await findTextBoxes(thin)).scores).toHaveLength(0);
    const weak = { ...mapOf(...line(40)), boxThreshold: 1.01 };
    expect((await findTextBoxes(weak)).scores).toHaveLength(0);
  });

  test('values that are NaN are counted, and nothing is found then', async () => {
    const job = mapOf(...line(40));
    job.map[77] = Number.NaN;
    expect(await loadBinding().findTextBoxes(job)).toMatchObject({ notNumbers: 1, scores: new Float64Array() });
  });

  test('a map of noise gives as many boxes as candidates at most, and stays in memory', async () => {
    const map = Float32Array.from({ length: 1000 * 1000 }, (_, i) => (((i % 1000) ^ (i / 1000)) & 1 ? 1 : 0));
    const job = { ...mapOf('#'), map, width: 1000, height: 1000, minSize: 0, boxThreshold: 0 };
    expect((await loadBinding().findTextBoxes(job)).scores.length).toBeLessThanOrEqual(1000);
  });
});
