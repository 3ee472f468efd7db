import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadTextReader, readText, type TextReader } from '../../src';
import { type Corpus, ensureCorpus, type ReadLine } from './text-corpus';

let corpus: Corpus | undefined;
let reader: TextReader | undefined;
beforeAll(async () => {
  corpus = await ensureCorpus();
  // All three networks of RapidOCR.
  reader = await loadTextReader({ engine: 'plain', threads: 2, orientation: 'ch_ppocr_mobile_v2.0_cls' });
}, 3_600_000);
afterAll(() => reader?.dispose());

interface Difference {
  readonly image: string;
  readonly missing: readonly string[];
  readonly added: readonly string[];
}

/** The lines of the first list without a line of the second that has the same text, each used once. */
function without(lines: readonly ReadLine[], others: readonly ReadLine[]): ReadLine[] {
  const free = [...others];
  return lines.filter(({ text }) => {
    const at = free.findIndex((other) => other.text === text);
    if (at >= 0) free.splice(at, 1);
    return at < 0;
  });
}

/** The largest difference of the scores of lines with the same text. */
function scoreDifference(lines: readonly ReadLine[], others: readonly ReadLine[]): number {
  const differences = lines.map(({ text, score }) => {
    const same = others.filter((other) => other.text === text);
    return same.length === 0 ? 0 : Math.min(...same.map((other) => Math.abs(other.score - score)));
  });
  return Math.max(0, ...differences);
}

/** RapidOCR has no reading order, so the lines are compared as a set. */
test('whole images are read as by RapidOCR', { timeout: 3_600_000 }, async () => {
  const others: Difference[] = [];
  let [lines, largest] = [0, 0];
  for (const [i, { image, lines: expected }] of (corpus?.images ?? []).entries()) {
    if (i % 50 === 0) process.stderr.write(`image ${i}: ${lines} lines, images that differ: ${others.length}\n`);
    const found = (await readText(path.join(corpus?.folder ?? '', 'images', image), { reader })).lines;
    const [missing, added] = [without(expected, found), without(found, expected)];
    if (missing.length + added.length > 0) {
      others.push({ image, missing: missing.map(({ text }) => text), added: added.map(({ text }) => text) });
    }
    lines += expected.length;
    largest = Math.max(largest, scoreDifference(expected, found));
  }
  const different = others.reduce((sum, { missing, added }) => sum + Math.max(missing.length, added.length), 0);
  process.stderr.write(
    `${lines - different} of ${lines} lines equal, scores ± ${largest}; others:\n` +
      others.map((other) => `  ${JSON.stringify(other)}\n`).join(''),
  );
  expect(lines).toBeGreaterThan(1000);
  expect(different / lines).toBeLessThanOrEqual(0.002);
  expect(largest).toBeLessThan(1e-3);
});
