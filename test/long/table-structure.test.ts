import { createHash } from 'node:crypto';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { decodeImage, loadModel, type Model, predict, type TableStructureResult } from '../../src';
import { fillCells, tableHtml } from '../../src/ocr/fill-table';
import { type CorpusTable, ensureTables } from './table-corpus';

let corpus: Awaited<ReturnType<typeof ensureTables>>;
let model: Model<'table-structure'>;
const found: TableStructureResult[] = [];
beforeAll(async () => {
  corpus = await ensureTables();
  model = await loadModel('SLANet_plus', { task: 'table-structure', engine: 'plain', threads: 1 });
  for (const { image } of corpus?.tables ?? []) found.push(await predict(model, fileOf(image)));
}, 3_600_000);
afterAll(() => model?.dispose());

function fileOf(image: string): string {
  return path.join(corpus?.folder ?? '', 'images', image);
}

function differing(same: (table: CorpusTable, result: TableStructureResult) => boolean): string[] {
  return (corpus?.tables ?? [])
    .filter((table, i) => !same(table, found[i] as TableStructureResult))
    .map(({ image }) => image);
}

test('tables become the tensors of PaddleX, to the bit', async () => {
  const different: string[] = [];
  for (const { image, tensor } of corpus?.tables ?? []) {
    const [input] = Object.values((await model.preprocess(await decodeImage(fileOf(image)))).inputs);
    const data = input?.data as Float32Array;
    const digest = createHash('sha256')
      .update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
      .digest('hex');
    if (digest !== tensor) different.push(image);
  }
  expect(corpus?.tables.length).toBeGreaterThanOrEqual(30);
  expect(different).toEqual([]);
});

test('the tokens are those of PaddleX', () => {
  // PaddleX puts the page around them.
  expect(differing(({ tokens }, result) => tokens.slice(3, -3).join('') === result.tokens.join(''))).toEqual([]);
});

test('scores are those of PaddleX, and corners within a pixel', () => {
  let [largest, corner, corners] = [0, 0, 0];
  for (const [i, { boxes, score }] of (corpus?.tables ?? []).entries()) {
    const { cells, score: own } = found[i] as TableStructureResult;
    largest = Math.max(largest, Math.abs(score - own));
    expect(cells.length).toBe(boxes.length);
    for (const [j, cell] of cells.entries()) {
      for (const [k, value] of cell.polygon.flat().entries()) {
        corners += 1;
        corner = Math.max(corner, Math.abs(value - (boxes[j]?.[k] ?? Number.NaN)));
      }
    }
  }
  process.stderr.write(`${found.length} tables: scores ± ${largest}, ${corners} coordinates of corners ± ${corner}\n`);
  expect(largest).toBeLessThan(1e-3);
  expect(corner).toBeLessThanOrEqual(1);
});

test('lines are put into the cells that PaddleX’s pipeline puts them into', async () => {
  const different: string[] = [];
  for (const [i, { image, lines, html }] of (corpus?.tables ?? []).entries()) {
    const { width, height } = await decodeImage(fileOf(image));
    const clip = (value: number, most: number): number => Math.min(most, Math.max(0, value));
    const cells = (found[i] as TableStructureResult).cells.map((cell) => ({
      ...cell,
      polygon: cell.polygon.map(([x, y]) => [clip(x, width), clip(y, height)] as const),
    }));
    const placed = lines.map(({ box: [left, top, right, bottom], text }) => ({
      text,
      polygon: [[left, top] as const, [right, top] as const, [right, bottom] as const, [left, bottom] as const],
    }));
    const own = bare(tableHtml(fillCells(cells, placed)));
    if (html !== '' && own !== bare(html)) different.push(`${image}:\n  ${own}\n  ${bare(html)}`);
  }
  expect(different).toEqual([]);
});

/** Without what both leave out at times, and with attributes in one order. */
function bare(html: string): string {
  return html
    .replace(/<\/?(html|body|thead|tbody)>/g, '')
    .replace(/<td colspan="(\d+)" rowspan="(\d+)">/g, '<td rowspan="$2" colspan="$1">')
    .replace(/ *<\/td>/g, '</td>');
}
