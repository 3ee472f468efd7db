import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { inspect } from 'node:util';
import { beforeEach, describe, expect, test } from 'vitest';
import { type Displayable, evaluate, jupyterDisplay, predict, toCoco, truthAsResult, visualize } from '../../src';
import { encodePng } from '../../src/drawing/png';
import { makeFolder } from '../helpers/folders';
import { loadStripes, stripeRuns, stripes } from '../helpers/stripes';

beforeEach(() => {
  stripeRuns.length = 0;
});

const long = 'ab'.repeat(30);

describe('predict with a recogniser', () => {
  test('gives text, score, and the characters with their places', async () => {
    const result = await predict(await loadStripes(), stripes('ab ba'));
    expect(result).toMatchObject({ kind: 'text-recognition', text: 'ab ba', score: 0.75, labels: [] });
    expect(result.characters.map(({ text, start, end }) => [text, start, end])).toEqual([
      ['a', 0, 8],
      ['b', 8, 16],
      [' ', 16, 24],
      ['b', 24, 32],
      ['a', 32, 40],
    ]);
    expect(stripeRuns).toEqual([[1, 3, 48, 320]]);
  });

  test('places are in pixels of the image, not of the network', async () => {
    const small = stripes('ab');
    const half = { width: 8, height: 24, data: new Uint8Array(8 * 24 * 3) };
    for (let i = 0; i < 8 * 24; i++) half.data.fill(small.data[(i % 8) * 6] as number, i * 3, i * 3 + 3);
    const { characters } = await predict(await loadStripes(), half);
    expect(characters.map(({ text, start, end }) => [text, start, end])).toEqual([
      ['a', 0, 4],
      ['b', 4, 8],
    ]);
  });

  test('batches are made by aspect ratio, padded to their widest image, and results keep their order', async () => {
    const model = await loadStripes();
    const images = [stripes(long), stripes('ba'), stripes(long.slice(0, 46)), stripes('aba')];
    const results = await predict(model, images, { batchSize: 2 });
    expect(stripeRuns).toEqual([
      [2, 3, 48, 320],
      [2, 3, 48, 480],
    ]);
    const alone = await Promise.all(images.map((image) => predict(model, image)));
    const shown = (all: typeof results) => all.map(({ text, score, characters }) => ({ text, score, characters }));
    expect(results.map(({ text }) => text)).toEqual([long, 'ba', long.slice(0, 46), 'aba']);
    expect(shown(results)).toEqual(shown(alone));
  });

  test('with RapidOCR’s parameters, images of a batch are resized for its widest one', async () => {
    // 48 · 1001 ÷ 145 is 331.4 columns.
    const image = { width: 1001, height: 145, data: new Uint8Array(1001 * 145 * 3) };
    const contentOf = async (preset: string): Promise<number> => {
      const model = await loadStripes(preset);
      const [result] = await predict(model, [image, stripes(long)], { batchSize: 2, raw: true });
      const { data, shape } = Object.values(result?.raw?.inputs ?? {})[0] ?? { data: [], shape: [] };
      return [...(data as Float32Array).subarray(0, shape[3])].filter((value) => value !== 0).length;
    };
    expect(await contentOf('paddlex')).toBe(331);
    expect(await contentOf('rapidocr')).toBe(332);
  });

  test('of images with faults, the error is that of the first one, in whatever order they are read', async () => {
    const images = [stripes(long), path.join(makeFolder(), 'first.png'), stripes('a'), '/nowhere/second.png'];
    await expect(predict(await loadStripes(), images, { batchSize: 4 })).rejects.toMatchObject({
      code: 'FILE_NOT_FOUND',
      message: expect.stringContaining('first.png'),
    });
  });

  test('an empty line has no characters', async () => {
    const model = await loadStripes();
    const grey = { width: 40, height: 48, data: new Uint8Array(40 * 48 * 3).fill(0) };
    expect((await predict(model, grey)).text).toBe('a');
    const result = await predict(model, grey, { threshold: 0.9 });
    expect(result).toMatchObject({ text: '', score: 0.75, characters: [], threshold: 0.9 });
  });
});

describe('results of a recogniser', () => {
  test('are shown as a table', async () => {
    const result = await predict(await loadStripes(), stripes('ab'));
    expect(inspect(result)).toMatch(/^1 line of text in 16×48, .* ms\ntext {3}score\nab {4}0\.7500$/);
    const bundle = await (result as unknown as Displayable)[jupyterDisplay]();
    expect(bundle['text/html']).toContain('>ab<');
  });

  test('have no boxes: they can be neither drawn nor be COCO’s records', async () => {
    const result = await predict(await loadStripes(), stripes('ab'));
    expect(() => toCoco(result)).toThrow(/text-recognition/);
    await expect(visualize(stripes('ab'), result)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });

  test('are evaluated on PaddleOCR’s lists', async () => {
    const folder = makeFolder();
    const texts = { 'one.png': 'ab', 'two.png': 'ba', 'three.png': 'a b' };
    for (const [name, text] of Object.entries(texts)) {
      await writeFile(path.join(folder, name), await encodePng(stripes(text)));
    }
    await writeFile(path.join(folder, 'list.txt'), 'one.png\tab\ntwo.png\tbaab\nthree.png\tab\n');
    const report = await evaluate(await loadStripes(), path.join(folder, 'list.txt'));
    expect(report.figures.map(({ name, value }) => [name, value])).toEqual([
      ['accuracy', 2 / 3],
      ['similarity', (1 + 0.5 + 1) / 3],
      ['accuracy with spaces', 1 / 3],
    ]);
    expect(report.worst[0]?.name).toBe('two.png');
  });
});

test('what is true of an image can be had as a result', () => {
  const truth = truthAsResult({ kind: 'text', text: 'ab' }, { size: { width: 10, height: 5 } });
  expect(truth).toMatchObject({ kind: 'text-recognition', text: 'ab', score: 1 });
});
