import { createHash } from 'node:crypto';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { cropQuads, decodeImage, loadModel, type Model, predict, type RgbImage } from '../../src';
import type { TextPreset } from '../../src/spec/text-presets';
import {
  type Corpus,
  type CorpusCrop,
  type CorpusImage,
  cropsInTies,
  ensureCorpus,
  type ReadLine,
} from './text-corpus';
import { turnedAround } from './turned-around';

let corpus: Corpus | undefined;
beforeAll(async () => {
  corpus = await ensureCorpus();
}, 3_600_000);

function sha256(data: Uint8Array | Float32Array): string {
  return createHash('sha256')
    .update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
    .digest('hex');
}

/** The lines as they were cut out of an image, and as they are read. */
async function cutOut({ image, processed, crops }: CorpusImage): Promise<{ cut: RgbImage[]; upright: RgbImage[] }> {
  const pixels = await decodeImage(path.join(corpus?.folder ?? '', 'images', processed ?? image));
  const cut = await cropQuads(
    pixels,
    crops.map(({ corners }) => corners),
  );
  return { cut, upright: cut.map((crop, i) => (crops[i]?.turned ? turnedAround(crop) : crop)) };
}

function open(preset: TextPreset): Promise<Model<'text-recognition'>> {
  const config = { PostProcess: { name: 'CTCLabelDecode', character_dict_path: 'ppocr_keys_v1.txt' }, preset };
  return loadModel('PP-OCRv4_mobile_rec', { config, task: 'text-recognition', engine: 'plain', threads: 1 });
}

interface Difference {
  readonly place: string;
  readonly expected: ReadLine;
  readonly found: ReadLine;
}

const named = { rapidocr: 'RapidOCR', paddlex: 'PaddleX' } as const;

describe('lines of text, over the whole corpus', () => {
  test('there are enough of them', () => {
    const crops = corpus?.images.flatMap((image) => image.crops) ?? [];
    expect(corpus?.images.length).toBeGreaterThan(300);
    expect(crops.length).toBeGreaterThan(1000);
  });

  test('are cut out as by OpenCV, to the bit', { timeout: 600_000 }, async () => {
    const different: string[] = [];
    for (const image of corpus?.images ?? []) {
      const { cut } = await cutOut(image);
      for (const [i, crop] of cut.entries()) {
        const { size, pixels } = image.crops[i] as CorpusCrop;
        const same = crop.width === size[0] && crop.height === size[1] && sha256(crop.data) === pixels;
        if (!same) different.push(`${image.image}[${i}]`);
      }
    }
    expect(different).toEqual([]);
  });

  test('become the tensors of PaddleX, to the bit', { timeout: 600_000 }, async () => {
    const model = await open('paddlex');
    const different: string[] = [];
    for (const image of corpus?.images ?? []) {
      const { upright } = await cutOut(image);
      for (const [i, crop] of upright.entries()) {
        const [tensor] = Object.values((await model.preprocess(crop)).inputs);
        if (sha256(tensor?.data as Float32Array) !== image.crops[i]?.tensor) different.push(`${image.image}[${i}]`);
      }
    }
    await model.dispose();
    expect(different).toEqual([]);
  });

  test.each(['rapidocr', 'paddlex'] as const)('are read as by %s', { timeout: 1_800_000 }, async (preset) => {
    const model = await open(preset);
    const others: Difference[] = [];
    let [lines, largest, ties] = [0, 0, 0];
    for (const image of corpus?.images ?? []) {
      const tied = preset === 'rapidocr' ? cropsInTies(image.crops) : new Set();
      ties += tied.size;
      const { upright } = await cutOut(image);
      for (const [i, found] of (await predict(model, upright, { batchSize: 6 })).entries()) {
        const crop = image.crops[i] as CorpusCrop;
        const expected = crop[preset];
        const difference = tied.has(crop) ? 0 : Math.abs(found.score - expected.score);
        lines++;
        if (found.text === expected.text) largest = Math.max(largest, difference);
        else others.push({ place: `${image.image}[${i}]`, expected, found: { text: found.text, score: found.score } });
      }
    }
    await model.dispose();
    process.stderr.write(
      `${named[preset]}: ${lines - others.length} of ${lines} texts equal, ${ties} in batches that depend on the processor, scores ± ${largest}\n` +
        others.map((other) => `  ${JSON.stringify(other)}\n`).join(''),
    );
    expect(ties / lines).toBeLessThan(0.01);
    expect(largest).toBeLessThan(1e-3);
    expect(others.length / lines).toBeLessThanOrEqual(0.002);
  });
});
