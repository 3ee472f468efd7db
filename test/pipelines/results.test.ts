import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { inspect } from 'node:util';
import { afterEach, describe, expect, test } from 'vitest';
import {
  decodeLabelMap,
  type LoadPipelineOptions,
  loadPipeline,
  type PipelineTask,
  type PredictResult,
  predict,
  type TableResult,
  type TextResult,
  toCsv,
  toHocr,
  toTsv,
  visualize,
} from '../../src';
import { encodeRle } from '../../src/image/rle';
import { projectRoot } from '../helpers/project';
import { Serving } from './serving';

const image = path.join(projectRoot, 'notebooks/images/shapes.png');
const [width, height] = [320, 240];

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function start(task: string, result: object): Promise<Serving> {
  const server = await new Serving(`/${task}`, result).start();
  closing.push(() => server.stop());
  return server;
}

async function ask(
  task: PipelineTask,
  result: object,
  options: LoadPipelineOptions = {},
  threshold?: number,
): Promise<{ server: Serving; result: PredictResult }> {
  const server = await start(task, result);
  const pipeline = await loadPipeline(server.url, options);
  closing.push(() => pipeline.dispose());
  expect(pipeline.task).toBe(task);
  return { server, result: await predict(pipeline, image, threshold === undefined ? {} : { threshold }) };
}

const object = { bbox: [10, 20.5, 110, 120], categoryId: 2, categoryName: 'star', score: 0.75 };
const weak = { bbox: [0, 0, 5, 5], categoryId: 0, categoryName: 'dot', score: 0.5 };

test.each(['object-detection', 'small-object-detection'] as const)(
  '%s: objects become detections; the image is sent as it is',
  async (task) => {
    const { server, result } = await ask(task, { detectedObjects: [weak, object] }, {}, 0.5);
    expect(result).toMatchObject({ kind: 'detection', image: { width, height }, threshold: 0.5 });
    expect(result.labels).toEqual(['0', '1', 'star']);
    // What has exactly the threshold is left out, as in local models.
    expect(result.detections).toEqual([{ classId: 2, label: 'star', score: 0.75, box: [10, 20.5, 110, 120] }]);
    const file = await readFile(image);
    expect(server.last.body).toEqual({ image: file.toString('base64'), visualize: false, threshold: 0.5 });
    expect((await visualize(image, result)).width).toBe(width);
    expect(Object.isFrozen(result.detections)).toBe(true);
    expect(inspect(result)).toMatch(/1 detection in 320×240/);
  },
);

test('instance segmentation: masks of boxes, as PaddleX answers them, become masks of the image', async () => {
  const cut = encodeRle({ width: 100, height: 100, data: new Uint8Array(10_000).fill(1, 0, 100) });
  // Python rounds 20.5 to 20.
  const instance = { ...object, mask: { rleResult: cut.counts, size: [100, 100] } };
  const { result } = await ask('instance-segmentation', { instances: [instance] });
  const data = new Uint8Array(width * height);
  data.fill(1, 20 * width + 10, 20 * width + 110);
  expect(result.detections?.map((one) => ('mask' in one ? one.mask : undefined))).toEqual([
    encodeRle({ width, height, data }),
  ]);
});

test('instance segmentation: masks of the whole image', async () => {
  const data = new Uint8Array(width * height);
  data.fill(1, 100 * width + 10, 100 * width + 60);
  const mask = encodeRle({ width, height, data });
  const instance = { ...object, mask: { rleResult: mask.counts, size: [height, width] } };
  const { result } = await ask('instance-segmentation', { instances: [instance] });
  expect(result.kind).toBe('instance-segmentation');
  expect(result.detections).toEqual([{ classId: 2, label: 'star', score: 0.75, box: object.bbox, mask }]);
  await visualize(image, result);
});

test('rotated objects and joints', async () => {
  const bbox = [50, 10, 90, 50, 50, 90, 10, 50];
  const { result: rotated } = await ask('rotated-object-detection', { detectedObjects: [{ ...object, bbox }] });
  expect(rotated.detections).toEqual([
    { classId: 2, label: 'star', score: 0.75, box: [10, 10, 90, 90], corners: bbox },
  ]);
  const kpts = Array.from({ length: 17 }, (_, i) => [i, 2 * i, 0.9]);
  const persons = [{ bbox: [0, 0, 50, 100], kpts, detScore: 0.8, kptScore: 0.9 }];
  const { result } = await ask('human-keypoint-detection', { persons });
  expect(result.people).toEqual([
    { score: 0.9, box: [0, 0, 50, 100], keypoints: kpts.map(([x, y, score]) => ({ x, y, score })) },
  ]);
  await visualize(image, result);
});

test('semantic segmentation: the map becomes segments, with the names that the user gives', async () => {
  const labelMap = Array.from({ length: width * height }, (_, i) => (i < width ? 3 : 0));
  const options = { labels: ['ground', 'a', 'b', 'sky'] };
  const { result } = await ask('semantic-segmentation', { labelMap, size: [height, width] }, options);
  expect(result.segments?.map(({ label, area }) => [label, area])).toEqual([
    ['ground', width * (height - 1)],
    ['sky', width],
  ]);
  expect([...decodeLabelMap(result as never).data]).toEqual(labelMap);
});

test.each(['image-classification', 'multilabel-image-classification'] as const)('%s', async (task) => {
  const categories = [
    { id: 3, name: 'star', score: 0.7 },
    { id: 0, name: 'dot', score: 0.2 },
  ];
  const { server, result } = await ask(task, { categories }, { parameters: { topk: 2 } });
  expect(result.classes).toEqual([
    { classId: 3, label: 'star', score: 0.7 },
    { classId: 0, label: 'dot', score: 0.2 },
  ]);
  expect(server.last.body).toMatchObject({ topk: 2, visualize: false });
});

test('text: lines in reading order, and the page is neither turned nor unwarped', async () => {
  const line = (x: number, y: number): number[][] => [
    [x, y],
    [x + 100, y],
    [x + 100, y + 20],
    [x, y + 20],
  ];
  const prunedResult = {
    model_settings: { use_doc_preprocessor: false },
    dt_polys: [line(10, 60), line(10, 10), line(10, 30)],
    rec_texts: ['second', 'first', 'noise'],
    rec_scores: [0.9, 0.95, 0.2],
    rec_polys: [line(10, 60), line(10, 10), line(10, 30)],
  };
  const dataInfo = { width, height, type: 'image' };
  const { server, result } = await ask('ocr', { ocrResults: [{ prunedResult }], dataInfo }, {}, 0.5);
  expect(result).toMatchObject({ kind: 'text', threshold: 0.5, image: { width, height } });
  expect(result.lines?.map(({ text, polygon }) => [text, polygon[0]])).toEqual([
    ['first', [10, 10]],
    ['second', [10, 60]],
  ]);
  expect(result.text).toMatch(/^first\s+second$/);
  expect(server.last.body).toMatchObject({
    ...{ fileType: 1, visualize: false, useDocOrientationClassify: false, useDocUnwarping: false },
    textRecScoreThresh: 0.5,
  });
  await visualize(image, result);
  // What the server does not say is left out, not invented.
  const [first] = result.lines!;
  expect(first).toEqual({ polygon: line(10, 10), text: 'first', score: 0.95, characters: [] });
  const page = result as TextResult;
  expect(toTsv(page).split('\n')[1]).toBe('1\t1\tfirst\t0.9500\t\t10,10 110,10 110,30 10,30');
  expect(toHocr(page)).toMatch(
    /<span class="ocr_line" id="line_1_1" title="bbox 10 10 110 30; baseline 0 0">first<\/span>/,
  );
});

describe('tables', () => {
  const corners = ([x1, y1, x2, y2]: number[]) => [
    [x1, y1],
    [x2, y1],
    [x2, y2],
    [x1, y2],
  ];
  const boxes = [
    [10, 10, 200, 30],
    [10, 30, 100, 50],
    [100, 30, 200, 50],
  ];
  const html =
    '<html><body><table><thead><tr><td colspan="2"><b>Sum & more</b></td></tr></thead><tbody><tr><td>a<b</td><td></td></tr></tbody></table></body></html>';
  const ocr = {
    rec_texts: ['Sum & more', 'a<b', 'below'],
    rec_scores: [0.9, 0.8, 0.7],
    rec_polys: [...boxes.slice(0, 2), [10, 200, 90, 220]].map(corners),
  };
  const answer = (table: object, ...others: object[]): object => ({
    tableRecResults: [{ prunedResult: { model_settings: {}, table_res_list: [table, ...others] } }],
    dataInfo: { width, height, type: 'image' },
  });

  test('the cells of the HTML with their places, and the lines in the table; its text is never HTML', async () => {
    const table = { cell_box_list: boxes, pred_html: html, table_ocr_pred: ocr };
    const { server, result } = await ask('table-recognition', answer(table), {}, 0.5);
    expect(result).toMatchObject({ kind: 'table', image: { width, height }, threshold: 0.5 });
    expect(result).not.toHaveProperty('score');
    expect(result.rows).toEqual([
      ['Sum & more', ''],
      ['a<b', ''],
    ]);
    const [head, first] = result.cells as TableResult['cells'];
    expect(head).toMatchObject({ row: 0, column: 0, rowSpan: 1, columnSpan: 2, header: true, text: 'Sum & more' });
    expect(first).toMatchObject({ row: 1, column: 0, header: false, polygon: corners(boxes[1]!) });
    expect(result.html).toBe(
      '<table><thead><tr><td colspan="2">Sum &#38; more</td></tr></thead><tbody><tr><td>a&#60;b</td><td></td></tr></tbody></table>',
    );
    expect(result.lines?.map(({ text }) => text)).toEqual(['Sum & more', 'a<b']);
    expect(server.last.body).toMatchObject({
      useLayoutDetection: false,
      useDocUnwarping: false,
      textRecScoreThresh: 0.5,
    });
    expect(toCsv(result as TableResult).split(/\r?\n/)).toContain('a<b,');
    await visualize(image, result);
  });

  test('without text PaddleX puts spaces between tags; cells that it finds otherwise have no places', async () => {
    const tokens = ['<html>', '<body>', '<table>', '<tr>', '<td', ' colspan="2"', '>', '</td>', '</tr>', '</table>'];
    const none = { rec_texts: [], rec_scores: [], rec_polys: [] };
    const table = { cell_box_list: boxes, pred_html: tokens.join(' '), table_ocr_pred: none };
    const { result } = await ask('table-recognition', answer(table));
    expect(result.cells).toEqual([
      { row: 0, column: 0, rowSpan: 1, columnSpan: 2, header: false, text: '', polygon: [] },
    ]);
  });

  test('several tables are refused', async () => {
    const table = { cell_box_list: [], pred_html: '', table_ocr_pred: ocr };
    await expect(ask('table-recognition', answer(table, table))).rejects.toThrow(
      /Expected one table, the image as a whole, but the server answered 2/,
    );
    await expect(loadPipeline('http://host', { parameters: { useLayoutDetection: true } })).rejects.toThrow(
      /Expected nothing for parameters\.useLayoutDetection/,
    );
  });
});

test('several images in order; pixels are sent as PNG', async () => {
  const server = await start('object-detection', { detectedObjects: [object] });
  await using pipeline = await loadPipeline(`${server.url}/object-detection`, { task: 'object-detection' });
  expect(server.asked.map((one) => one.path)).toEqual(['/health']);
  const pixels = { width: 8, height: 4, data: new Uint8Array(96).fill(9) };
  const results = await predict(pipeline, [image, pixels, image]);
  expect(results.map((result) => result.image.width)).toEqual([320, 8, 320]);
  const sent = server.asked.slice(1).map(({ body }) => Buffer.from(String(body.image), 'base64'));
  expect(sent.map((bytes) => bytes.subarray(1, 4).toString())).toEqual(['PNG', 'PNG', 'PNG']);
  expect(inspect(pipeline)).toBe(`Pipeline object-detection on ${server.url}`);
});
