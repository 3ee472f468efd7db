import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadTextReader, readText, type TextReader } from '../../src';
import { type Corpus, cropsInTies, ensureCorpus, type ReadLine } from './text-corpus';

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

interface ScoreDifference {
  readonly image: string;
  readonly text: string;
  readonly difference: number;
}

/** How much the scores of lines with the same text differ. */
function scoreDifferences(image: string, lines: readonly ReadLine[], others: readonly ReadLine[]): ScoreDifference[] {
  return lines.flatMap(({ text, score }) => {
    const same = others.filter((other) => other.text === text);
    const difference = Math.min(...same.map((other) => Math.abs(other.score - score)));
    return same.length === 0 ? [] : [{ image, text, difference }];
  });
}

/** RapidOCR has no reading order, so the lines are compared as a set. */
test('whole images are read as by RapidOCR', { timeout: 3_600_000 }, async () => {
  const others: Difference[] = [];
  const scores: ScoreDifference[] = [];
  let [lines, ties] = [0, 0];
  for (const [i, { image, lines: expected, crops }] of (corpus?.images ?? []).entries()) {
    if (i % 50 === 0) process.stderr.write(`image ${i}: ${lines} lines, images that differ: ${others.length}\n`);
    const found = (await readText(path.join(corpus?.folder ?? '', 'images', image), { reader })).lines;
    const [missing, added] = [without(expected, found), without(found, expected)];
    if (missing.length + added.length > 0) {
      others.push({ image, missing: missing.map(({ text }) => text), added: added.map(({ text }) => text) });
    }
    lines += expected.length;
    const tied = new Set([...cropsInTies(crops)].map(({ rapidocr }) => rapidocr.text));
    scores.push(...scoreDifferences(image, expected, found).filter(({ text }) => !tied.has(text)));
    ties += tied.size;
  }
  const different = others.reduce((sum, { missing, added }) => sum + Math.max(missing.length, added.length), 0);
  const [worst] = scores.sort((a, b) => b.difference - a.difference);
  process.stderr.write(
    `${lines - different} of ${lines} lines equal, ${ties} in batches that depend on the processor, largest difference of scores: ${JSON.stringify(worst)}; others:\n` +
      others.map((other) => `  ${JSON.stringify(other)}\n`).join(''),
  );
  expect(lines).toBeGreaterThan(1000);
  expect(different / lines).toBeLessThanOrEqual(0.002);
  expect(ties / lines).toBeLessThan(0.01);
  expect(worst?.difference).toBeLessThan(1e-3);
});
