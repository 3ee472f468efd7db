import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { loadModel, type Model, predict, type TextRegion } from '../../src';
import { type Corpus, ensureCorpus } from './text-corpus';

let corpus: Corpus | undefined;
beforeAll(async () => {
  corpus = await ensureCorpus();
}, 3_600_000);

type Polygon = TextRegion['polygon'];

/** A box of RapidOCR without one within a pixel, or the other way round. */
interface Difference {
  readonly image: string;
  readonly expected?: Polygon;
  readonly found?: Polygon;
}

function distance(a: Polygon, b: Polygon): number {
  return Math.max(
    ...a.map(([x, y], i) => Math.max(Math.abs(x - (b[i]?.[0] ?? 1e9)), Math.abs(y - (b[i]?.[1] ?? 1e9)))),
  );
}

/** Takes away what is within a pixel of each expected polygon; gives the expected ones without a partner. */
function takeNear(expected: readonly Polygon[], free: Set<Polygon>): Polygon[] {
  return expected.filter((polygon) => {
    const partner = [...free].find((candidate) => distance(polygon, candidate) <= 1);
    if (partner !== undefined) free.delete(partner);
    return partner === undefined;
  });
}

function open(): Promise<Model<'text-detection'>> {
  const config = { PostProcess: { name: 'DBPostProcess' }, preset: 'rapidocr' };
  return loadModel('PP-OCRv4_mobile_det', { config, task: 'text-detection', engine: 'plain', threads: 2 });
}

describe('regions of text, over the whole corpus', () => {
  test('are those of RapidOCR, in its order', { timeout: 3_600_000 }, async () => {
    const model = await open();
    const others: Difference[] = [];
    let [boxes, equal, largest] = [0, 0, 0];
    for (const { image, processed, crops, detected } of corpus?.images ?? []) {
      const { regions } = await predict(model, path.join(corpus?.folder ?? '', 'images', processed ?? image));
      const found = regions.map(({ polygon }) => polygon);
      const expected = crops.map(({ corners }) => corners);
      boxes += expected.length;
      equal += expected.filter((polygon, i) => found[i] !== undefined && distance(polygon, found[i]) === 0).length;
      const free = new Set(found);
      for (const polygon of takeNear(expected, free)) others.push({ image, expected: polygon });
      for (const polygon of free) others.push({ image, found: polygon });
      const scores = detected.map(({ score }) => score);
      for (const { score } of regions)
        largest = Math.max(largest, Math.min(...scores.map((one) => Math.abs(one - score))));
    }
    await model.dispose();
    process.stderr.write(
      `${equal} of ${boxes} boxes equal, scores ± ${largest}; not within a pixel:\n` +
        others.map((other) => `  ${JSON.stringify(other)}\n`).join(''),
    );
    expect(boxes).toBeGreaterThan(1000);
    expect(others.length / boxes).toBeLessThanOrEqual(0.005);
    expect(largest).toBeLessThan(1e-3);
  });

  test('are in the original image where RapidOCR resizes or pads it', { timeout: 3_600_000 }, async () => {
    const model = await open();
    const missing: Difference[] = [];
    let lines = 0;
    for (const { image, processed, lines: expected } of corpus?.images ?? []) {
      if (processed === undefined) continue;
      const { regions } = await predict(model, path.join(corpus?.folder ?? '', 'images', image));
      lines += expected.length;
      const free = new Set(regions.map(({ polygon }) => polygon));
      const boxes = expected.map(({ box }) => box);
      for (const polygon of takeNear(boxes, free)) missing.push({ image, expected: polygon });
    }
    await model.dispose();
    expect(lines).toBeGreaterThan(20);
    expect(missing).toEqual([]);
  });
});
