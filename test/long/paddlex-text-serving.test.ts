import { afterEach, expect, test } from 'vitest';
import {
  loadPipeline,
  loadTextReader,
  predict,
  type RgbImage,
  readTable,
  readText,
  type TableResult,
  type TextLine,
  visualize,
} from '../../src';
import { Canvas } from '../../src/drawing/canvas';
import { boxAround } from '../../src/drawing/geometry';
import type { ModelServer } from '../helpers/model-servers/model-server';
import { paddlexTextServing } from '../helpers/model-servers/paddlex-text-serving';

const written = [
  ['Item', 'Price', 'Sum'],
  ['Apples', '12.50', '37.50'],
  ['Bread', '4.20', ''],
];
const [columnWidth, rowHeight] = [150, 44];

/** A ruled table that fills its image. */
async function drawTable(): Promise<RgbImage> {
  const [width, height] = [3 * columnWidth + 20, 3 * rowHeight + 20];
  const data = new Uint8Array(width * height * 3).fill(255);
  const rule = (x: number, y: number, w: number, h: number): void => {
    for (let row = y; row < y + h; row++) data.fill(30, (row * width + x) * 3, (row * width + x + w) * 3);
  };
  for (let i = 0; i <= 3; i++) {
    rule(10, 10 + i * rowHeight, 3 * columnWidth + 2, 2);
    rule(10 + i * columnWidth, 10, 2, 3 * rowHeight);
  }
  const canvas = new Canvas({ width, height, data });
  for (const [row, texts] of written.entries()) {
    for (const [column, text] of texts.entries()) {
      if (text !== '') canvas.text(text, 26 + column * columnWidth, 40 + row * rowHeight, 24, [20, 20, 20]);
    }
  }
  return { width, height, data: await canvas.render() };
}

/** The server computes with other threads, so that the last bits of scores may differ. */
function expectSameLines(theirs: readonly TextLine[], ours: readonly TextLine[]): void {
  const places = (lines: readonly TextLine[]) => lines.map(({ text, polygon }) => ({ text, polygon }));
  expect(places(theirs)).toEqual(places(ours));
  for (const [i, { score }] of theirs.entries()) expect(score).toBeCloseTo(ours[i]!.score, 5);
}

let server: ModelServer | undefined;
afterEach(async () => {
  await server?.stop();
});

test('text: the lines that are read here with the same networks', async ({ skip }) => {
  server = await paddlexTextServing('ocr');
  if (server === undefined) return skip('no server');
  await server.start();
  const image = await drawTable();
  await using pipeline = await loadPipeline(`${server.url}/ocr`, { task: 'ocr' });
  const theirs = await predict(pipeline, image);
  const reader = await loadTextReader({ preset: 'paddlex', orientation: false, engine: 'plain', threads: 1 });
  const ours = await readText(image, { reader, threshold: 0 });
  await reader.dispose();
  expectSameLines(theirs.lines, ours.lines);
  expect(theirs.lines).toHaveLength(8);
  await visualize(image, theirs);
});

test('a table: the cells and texts that are read here with the same networks', async ({ skip }) => {
  server = await paddlexTextServing('table-recognition');
  if (server === undefined) return skip('no server');
  await server.start();
  const image = await drawTable();
  await using pipeline = await loadPipeline(server.url, { task: 'table-recognition' });
  const theirs = await predict(pipeline, image);
  const reader = await loadTextReader({ preset: 'paddlex', orientation: false, engine: 'plain', threads: 1 });
  const ours = await readTable(image, { reader });
  await reader.dispose();
  expect(theirs.rows).toEqual(written);
  expect(theirs.html).toBe(ours.html);
  // PaddleX answers boxes around the corners that its network found.
  const boxes = ({ cells }: TableResult) => cells.map(({ polygon }) => boxAround(polygon));
  expect(boxes(theirs)).toEqual(boxes(ours));
  expectSameLines(theirs.lines, ours.lines);
  await visualize(image, theirs);
});
