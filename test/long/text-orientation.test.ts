import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { cropQuads, decodeImage, loadModel, predict } from '../../src';
import { type Corpus, type CorpusImage, ensureCorpus } from './text-corpus';
import { turnedAround } from './turned-around';

let corpus: Corpus | undefined;
beforeAll(async () => {
  corpus = await ensureCorpus();
}, 3_600_000);

test.each([
  ['as they are', 'orientation'],
  ['upside down', 'upsideDown'],
] as const)('all lines %s are classified as by RapidOCR', { timeout: 600_000 }, async (_, field) => {
  const model = await loadModel('ch_ppocr_mobile_v2.0_cls', { task: 'classification', engine: 'plain', threads: 1 });
  const others: string[] = [];
  let [lines, largest] = [0, 0];
  for (const image of corpus?.images ?? []) {
    const crops = await cutOut(image);
    const seen = field === 'upsideDown' ? crops.map(turnedAround) : crops;
    for (const [i, { classes }] of (await predict(model, seen, { batchSize: 6 })).entries()) {
      const expected = image.crops[i]?.[field];
      lines++;
      if (classes[0]?.label === expected?.label) {
        largest = Math.max(largest, Math.abs((classes[0]?.score ?? 0) - (expected?.score ?? 0)));
      } else others.push(`${image.image}[${i}]: ${JSON.stringify([expected, classes[0]])}`);
    }
  }
  await model.dispose();
  process.stderr.write(`${field}: ${lines - others.length} of ${lines} labels equal, scores ± ${largest}\n`);
  expect(lines).toBeGreaterThan(1000);
  expect(others).toEqual([]);
  expect(largest).toBeLessThan(1e-3);
});

async function cutOut({ image, processed, crops }: CorpusImage): ReturnType<typeof cropQuads> {
  const pixels = await decodeImage(path.join(corpus?.folder ?? '', 'images', processed ?? image));
  return cropQuads(
    pixels,
    crops.map(({ corners }) => corners),
  );
}
