import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { evaluate, loadTextReader, readText, type TextReader } from '../../src';
import { inspectCustom, jupyterDisplay } from '../../src/display/display';
import { Canvas } from '../../src/drawing/canvas';
import { encodePng } from '../../src/drawing/png';
import { makeFolder } from '../helpers/folders';

const written = ['Reading is easy', 'Total 128.50'];

let reader: TextReader;
let folder: string;
let labels: string;

/** A page with both lines, an empty one, and what PaddleOCR's PPOCRLabel writes for them. */
beforeAll(async () => {
  folder = makeFolder();
  labels = path.join(folder, 'Label.txt');
  // Without enlarging the page, which takes its time.
  reader = await loadTextReader({ engine: 'plain', preset: 'paddlex' });
  const canvas = new Canvas({ width: 400, height: 140, data: new Uint8Array(400 * 140 * 3).fill(255) });
  for (const [i, line] of written.entries()) canvas.text(line, 30, 44 * i + 52, 30, [20, 20, 20]);
  const page = { width: 400, height: 140, data: await canvas.render() };
  await writeFile(path.join(folder, 'page.png'), await encodePng(page));
  await writeFile(path.join(folder, 'empty.png'), await encodePng({ ...page, data: new Uint8Array(400 * 140 * 3) }));
  const { lines } = await readText(page, { reader });
  const regions = lines.map(({ polygon }, i) => ({
    ...{ transcription: written[i], points: polygon, difficult: false },
  }));
  await writeFile(labels, `page.png\t${JSON.stringify(regions)}\nempty.png\t[]\n`);
});
afterAll(() => reader?.dispose());

test('a reader of text is evaluated from pixels to text on the labels of PaddleOCR', async () => {
  const outputDir = path.join(folder, 'out');
  const report = await evaluate(reader, labels, { outputDir });
  expect(report.figures.map(({ name, value }) => [name, value]).slice(0, 5)).toEqual([
    ['hmean', 1],
    ['precision', 1],
    ['recall', 1],
    ['character accuracy', 1],
    ['similarity', 1],
  ]);
  expect(report.facts).toMatchObject({
    ...{ model: 'PP-OCRv4_mobile_det + PP-OCRv4_mobile_rec', task: 'text', evaluated: 2 },
    dataset: { format: 'text-regions', images: 2 },
  });
  expect(report[inspectCustom]()).toMatch(/^PP-OCRv4_mobile_det \+ PP-OCRv4_mobile_rec on .*: hmean 100\.00/);
  expect((await report[jupyterDisplay]())['text/html']).toMatch(/alt="the worst images beside the truth"/);
  // Nothing is read again.
  const resumed = await evaluate(reader, labels, { outputDir, resume: true });
  expect(resumed.facts.imagesPerSecond).toBeUndefined();
  expect(resumed.figures).toEqual(report.figures);
});

test('an image that can’t be read is left out, and data of another kind is refused', async () => {
  await writeFile(path.join(folder, 'broken.png'), 'no image');
  const file = path.join(folder, 'broken.txt');
  await writeFile(file, 'empty.png\t[]\nbroken.png\t[{"transcription": "a", "points": [[0, 0], [9, 0], [9, 9]]}]\n');
  const report = await evaluate(reader, file);
  expect(report.facts.evaluated).toBe(1);
  expect(report.problems).toMatchObject([{ kind: 'image-left-out', file: path.join(folder, 'broken.png') }]);
  const lines = path.join(folder, 'lines.txt');
  await writeFile(lines, 'empty.png\tsome text\n');
  await expect(evaluate(reader, lines)).rejects.toMatchObject({
    code: 'DATASET_INVALID',
    message: expect.stringContaining('Expected a data set with objects for this model but'),
  });
});

test('an evaluation of a reader that is stopped is resumed only with the same networks', async () => {
  const outputDir = path.join(folder, 'stopped');
  const stop = new AbortController();
  const onProgress = (): void => stop.abort();
  const part = await evaluate(reader, labels, { outputDir, signal: stop.signal, onProgress });
  expect(part.facts.interrupted).toBe(true);
  await using other = await loadTextReader({ engine: 'plain' });
  await expect(evaluate(other, labels, { outputDir, resume: true })).rejects.toMatchObject({
    code: 'INVALID_ARGUMENT',
  });
  const whole = await evaluate(reader, labels, { outputDir, resume: true });
  expect(whole.facts.evaluated).toBe(2);
});
