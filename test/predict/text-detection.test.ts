import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { evaluate, predict, predictStream, toCoco, truthAsResult, visualize } from '../../src';
import { agreesFully } from '../../src/agreement/agreements';
import { encodePng } from '../../src/drawing/png';
import { resultAbove, taskOf } from '../../src/tasks/tasks';
import { bars, loadBrightText } from '../helpers/bright-text';
import { makeFolder } from '../helpers/folders';

/** Two lines, the second one in two parts. */
const page = bars(320, 160, [40, 20, 200, 16], [180, 82, 100, 16], [40, 80, 100, 16]);

describe('predict with a detector of text', () => {
  test('gives polygons in reading order, with scores', async () => {
    const result = await predict(await loadBrightText(), page);
    expect(result).toMatchObject({
      kind: 'text-detection',
      threshold: 0.6,
      labels: [],
      image: { width: 320, height: 160 },
    });
    // Widened by area · 1.5 ÷ length: 10.4, 9.7 and 9.7 pixels; pixels are counted from their centres.
    expect(result.regions.map(({ polygon }) => polygon)).toEqual([
      [
        [30, 10],
        [249, 10],
        [249, 45],
        [30, 45],
      ],
      [
        [30, 70],
        [149, 70],
        [149, 105],
        [30, 105],
      ],
      [
        [170, 72],
        [289, 72],
        [289, 107],
        [170, 107],
      ],
    ]);
    for (const { score } of result.regions) expect(score).toBeCloseTo(0.9, 6);
  });

  test('a threshold is that of regions, and an image without text has none', async () => {
    const model = await loadBrightText();
    expect(await predict(model, page, { threshold: 0.95 })).toMatchObject({ threshold: 0.95, regions: [] });
    expect((await predict(model, bars(64, 64))).regions).toEqual([]);
    expect((await predict(model, bars(1, 1))).regions).toEqual([]);
  });

  test('images of equal size are run together, others alone, with the same results', async () => {
    const model = await loadBrightText();
    const images = [page, page, bars(200, 90, [20, 30, 120, 20])];
    const together = await predict(model, images, { batchSize: 4 });
    const alone = await Promise.all(images.map((image) => predict(model, image)));
    expect(together.map(({ regions }) => regions)).toEqual(alone.map(({ regions }) => regions));
    const streamed = [];
    for await (const { regions } of predictStream(model, images)) streamed.push(regions.length);
    expect(streamed).toEqual([3, 3, 1]);
  });

  test('the parameters of RapidOCR are taken if asked for', async () => {
    const model = await loadBrightText({ PostProcess: { name: 'DBPostProcess' }, preset: 'rapidocr' });
    expect(model.spec.preprocess.map(({ type }) => type)).toEqual(['RapidOCR limits', 'Resize', 'Normalize']);
    expect(model.spec.outputs.textDetection).toMatchObject({ boxThreshold: 0.5, unclipRatio: 1.6, dilation: true });
    const { regions } = await predict(model, page);
    expect(regions).toHaveLength(3);
    // A strip gets rows above and below, and its regions are in the strip nevertheless.
    const strip = await predict(model, bars(800, 40, [100, 10, 300, 20]));
    const [[x = 0, y = 0] = [], , [right = 0, bottom = 0] = []] = strip.regions[0]?.polygon ?? [];
    expect([x < 100 && x > 80, y >= 0 && y < 10, right > 400 && right < 420, bottom > 30 && bottom <= 40]).toEqual([
      ...[true, true, true, true],
    ]);
  });

  test('a network with an input of a fixed height is refused as a recogniser', async () => {
    await expect(loadBrightText(undefined, 48)).rejects.toMatchObject({
      code: 'MODEL_UNSUPPORTED',
      message: expect.stringMatching(
        /^Expected a detector of text, whose input follows the image's size, but input "x" of .* is \[-1, 3, 48, -1\]; if/,
      ),
    });
  });

  test('a recogniser in its place is refused', async () => {
    await expect(loadBrightText({ PostProcess: { name: 'CTCLabelDecode', character_dict: ['a'] } })).rejects.toThrow(
      /Expected a model for text-detection but .* is for text-recognition/,
    );
  });
});

describe('results of a detector of text', () => {
  const found = async () => predict(await loadBrightText(), page);

  test('are shown as a table, drawn, and written as CSV and COCO', async () => {
    const result = await found();
    expect(inspect(result)).toMatch(
      /^3 regions of text in 320×160, .* ms\n.*score +x1 +y1 +x2 +y2 +angle\n0 +0\.90 +30\.0/,
    );
    const picture = await visualize(page, result);
    expect([picture.width, picture.height]).toEqual([320, 160]);
    const { columns, rows } = taskOf(result).csv(result);
    expect(columns).toEqual(['score', 'x1', 'y1', 'x2', 'y2', 'polygon']);
    expect(rows[0]?.slice(1)).toEqual([30, 10, 249, 45, '30 10 249 10 249 45 30 45']);
    expect(toCoco(result)[1]).toMatchObject({
      ...{ bbox: [30, 70, 119, 35], segmentation: [[30, 70, 149, 70, 149, 105, 30, 105]], area: 119 * 35 },
    });
  });

  test('are compared by their places', async () => {
    const [result, other] = [await found(), await predict(await loadBrightText(), bars(320, 160, [40, 20, 200, 16]))];
    const compare = taskOf(result).compare;
    expect(compare(result, result)).toMatchObject({ kind: 'objects', matched: 3, expected: 3, extra: 0 });
    const agreement = compare(result, other);
    expect(agreement).toMatchObject({ matched: 1, expected: 3, maxBoxDifference: 0 });
    expect(agreement !== undefined && agreesFully(agreement)).toBe(false);
    expect(resultAbove(result, 0.95)).toMatchObject({ threshold: 0.95, regions: [] });
  });

  test('are evaluated on PaddleOCR’s lists', async () => {
    const folder = makeFolder();
    await writeFile(path.join(folder, 'page.png'), await encodePng(page));
    await writeFile(path.join(folder, 'line.png'), await encodePng(bars(320, 160, [40, 20, 200, 16])));
    const { regions } = await found();
    const [first, ...others] = regions.map(({ polygon }) => ({ transcription: 'text', points: polygon }));
    const list = [
      ['page.png', [first, { ...others[0], transcription: '###' }]],
      ['line.png', [first, ...others]],
    ].map(([name, truth]) => `${name}\t${JSON.stringify(truth)}\n`);
    await writeFile(path.join(folder, 'list.txt'), list.join(''));
    const report = await evaluate(await loadBrightText(), path.join(folder, 'list.txt'));
    // 3 regions of 3 that count were found where 4 are true, of which 2 were found.
    expect(report.figures.map(({ name, value }) => [name, value])).toEqual([
      ['hmean', (2 * (2 / 3) * (2 / 4)) / (2 / 3 + 2 / 4)],
      ['precision', 2 / 3],
      ['recall', 2 / 4],
    ]);
    expect(report.worst[0]?.name).toBe('line.png');
  });
});

test('true objects can be had as regions of text', () => {
  const object = { classId: 0, box: [1, 2, 10, 5], area: 50, crowd: false, ignored: false } as const;
  const truth = { kind: 'objects', objects: [object, { ...object, mask: [[0, 0, 9, 0, 4, 8]] }] } as const;
  const result = truthAsResult(truth, { size: { width: 20, height: 10 }, task: 'text-detection' });
  expect(result.regions?.map(({ polygon }) => polygon.flat())).toEqual([
    [1, 2, 11, 2, 11, 7, 1, 7],
    [0, 0, 9, 0, 4, 8],
  ]);
});
