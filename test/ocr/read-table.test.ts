import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  type Displayable,
  jupyterDisplay,
  loadModel,
  loadTextReader,
  type Model,
  type RgbImage,
  readTable,
  readText,
  type TableResult,
  type TextReader,
  toCsv,
  visualize,
} from '../../src';
import { Canvas } from '../../src/drawing/canvas';

const written = [
  ['Item', 'Price', 'Sum'],
  ['Apples', '12.50', '37.50'],
  ['Bread', '4.20', ''],
];
const [columnWidth, rowHeight] = [150, 44];

/** A ruled table of three rows and columns under a title; its first cell is at 60, 100. */
async function drawTable(): Promise<RgbImage> {
  const [width, height] = [3 * columnWidth + 120, 3 * rowHeight + 140];
  const data = new Uint8Array(width * height * 3).fill(255);
  const rule = (x: number, y: number, w: number, h: number): void => {
    for (let row = y; row < y + h; row += 1) data.fill(30, (row * width + x) * 3, (row * width + x + w) * 3);
  };
  for (let i = 0; i <= 3; i += 1) {
    rule(60, 100 + i * rowHeight, 3 * columnWidth + 2, 2);
    rule(60 + i * columnWidth, 100, 2, 3 * rowHeight);
  }
  const canvas = new Canvas({ width, height, data });
  canvas.text('A title above it', 60, 60, 26, [20, 20, 20]);
  for (const [row, texts] of written.entries()) {
    for (const [column, text] of texts.entries()) {
      if (text !== '') canvas.text(text, 76 + column * columnWidth, 130 + row * rowHeight, 24, [20, 20, 20]);
    }
  }
  return { width, height, data: await canvas.render() };
}

let reader: TextReader;
let structure: Model<'table-structure'>;
let image: RgbImage;
let result: TableResult;
beforeAll(async () => {
  reader = await loadTextReader({ engine: 'plain', preset: 'paddlex' });
  structure = await loadModel('SLANet_plus', { task: 'table-structure', engine: 'plain' });
  image = await drawTable();
  result = await readTable(image, { reader, structure });
});
afterAll(() => Promise.all([reader?.dispose(), structure?.dispose()]));

const box = [40, 90, 60 + 3 * columnWidth + 20, 100 + 3 * rowHeight + 20] as const;

test('rows, cells and CSV of a table that stands alone', async () => {
  const { rows, cells, lines, score } = await readTable(image, { reader, structure, box });
  expect(rows).toEqual(written);
  expect(toCsv({ ...result, rows })).toBe('Item,Price,Sum\nApples,12.50,37.50\nBread,4.20,\n');
  expect(lines).toHaveLength(8);
  expect(score).toBeGreaterThan(0.9);
  for (const { row, column, rowSpan, columnSpan, polygon } of cells) {
    expect([rowSpan, columnSpan]).toEqual([1, 1]);
    const [[left = 0, top = 0] = [], , [right = 0, bottom = 0] = []] = polygon;
    const middle = [(left + right) / 2, (top + bottom) / 2];
    expect(Math.abs((middle[0] ?? 0) - (60 + (column + 0.5) * columnWidth))).toBeLessThan(columnWidth / 2);
    expect(Math.abs((middle[1] ?? 0) - (100 + (row + 0.5) * rowHeight))).toBeLessThan(rowHeight / 2);
  }
});

test('text that was read before is not read again, and gives the same', async () => {
  const text = await readText(image, { reader });
  const again = await readTable(image, { text, structure });
  expect({ ...again, timings: undefined }).toEqual({ ...result, timings: undefined });
});

test('a table is drawn by its cells, and shown in a notebook as the table that it is', async () => {
  const picture = await visualize(image, result);
  expect([picture.width, picture.height]).toEqual([image.width, image.height]);
  expect(picture.data).not.toEqual(image.data);
  const bundle = await (result as unknown as Displayable)[jupyterDisplay]();
  expect(bundle['text/html']).toContain(result.html);
  expect(bundle['text/plain']).toContain('Apples');
  expect(JSON.parse(JSON.stringify(result))).toMatchObject({ kind: 'table', rows: result.rows });
});

test.each([
  [{ box: [1, 2, 3] }, /^Expected \[x1, y1, x2, y2\] in pixels for box/],
  [{ box: [5000, 0, 6000, 10] }, /^Expected box inside the image of 570×272 pixels for box/],
  [{ text: {} }, /^Expected result of readText for text/],
  [{ structure: {} }, /^Expected model for table-structure from loadModel for structure/],
])('%j is refused', async (options, message) => {
  const wrong = readTable(image, { reader, structure, ...options } as object);
  await expect(wrong).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', message: expect.stringMatching(message) });
});
