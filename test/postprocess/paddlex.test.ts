import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { decodeRle } from '../../src';
import { readPaddlexOutputs } from '../../src/layouts/families/paddlex-outputs';
import { parseYaml } from '../../src/yaml/yaml-file';
import { readAs, tensor } from '../helpers/postprocess';
import { projectRoot } from '../helpers/project';

interface BoxCase {
  readonly image: readonly [width: number, height: number];
  /** Keys of `inference.yml`. */
  readonly config: object;
  readonly columns: number;
  readonly boxes: readonly number[];
  /** Class, score and box of the rows kept by PaddleX. */
  readonly expected: readonly (readonly number[])[];
}

/** The results of PaddleX 3.3.11's `DetPostProcess` for random boxes and settings. */
const cases: readonly BoxCase[] = JSON.parse(
  readFileSync(path.join(projectRoot, 'test/golden/paddlex-boxes.json'), 'utf8'),
);
const labels = ['text', 'image', 'formula', 'table'];

describe('boxes are the same as PaddleX’s', () => {
  test.each(cases.map((row, i) => ({ ...row, i, settings: JSON.stringify(row.config) })))(
    '$i: $settings',
    async ({ image: [width, height], config, columns, boxes, expected }) => {
      const outputs = readPaddlexOutputs(parseYaml(JSON.stringify(config), 'inference.yml'));
      const table = tensor('float32', [boxes.length / columns, columns], boxes);
      const { detections } = await readAs('detection', [table], {
        ...{ image: { width, height }, spec: { family: 'PaddleX', labels, outputs } },
      });
      // Only models with a reading order return another order than that of the scores.
      const rows = columns === 8 ? expected : [...expected].sort((a, b) => b[1]! - a[1]!);
      expect(detections.map(({ label }) => label)).toEqual(rows.map(([classId]) => labels[classId!]));
      const found = detections.flatMap(({ score, box }) => [score, ...box]);
      const wanted = rows.flatMap((row) => row.slice(1));
      expect(Math.max(0, ...found.map((value, i) => Math.abs(value - wanted[i]!)))).toBeLessThan(2e-4);
    },
  );

  test('a requested threshold applies to every class', async () => {
    const outputs = readPaddlexOutputs(parseYaml('draw_threshold: {0: 0.9, 1: 0.2}', 'inference.yml'));
    const rows = tensor('float32', [3, 6], [0, 0.8, 1, 1, 5, 5, 1, 0.3, 20, 20, 30, 30, 2, 0.4, 50, 50, 60, 60]);
    const read = (threshold?: number) =>
      readAs('detection', [rows], { threshold, spec: { family: 'PaddleX', outputs } });
    expect((await read()).detections.map(({ classId }) => classId)).toEqual([1]);
    expect(await read(0.35)).toMatchObject({ threshold: 0.35, detections: [{ classId: 0 }, { classId: 2 }] });
  });

  test('invalid settings are refused with their key', () => {
    const read = (yaml: string) => () => readPaddlexOutputs(parseYaml(yaml, 'inference.yml'));
    expect(read('draw_threshold: {text: 0.5}')).toThrow(/draw_threshold: Expected numbers of classes .* "text"/);
    expect(read('layout_merge_bboxes_mode: {0: big}')).toThrow(/one of union, large, small but received "big"/);
    expect(read('layout_unclip_ratio: [1]')).toThrow(/inference\.yml:1: layout_unclip_ratio: Expected number or/);
  });
});

test('masks are cropped to their box, and corners to the image', async () => {
  const masks = tensor('int32', [1, 4, 5], Array(20).fill(1));
  const outputs = [tensor('float32', [1, 6], [0, 0.9, 0.6, -1, 3.4, 2.5]), tensor('int32', [1], [1]), masks];
  const image = { width: 5, height: 4 };
  const { detections } = await readAs('instance-segmentation', outputs, { image, spec: { family: 'PaddleX' } });
  expect(detections[0]!.box.map((value) => Math.fround(value))).toEqual([0.6, 0, 3.4, 2.5].map(Math.fround));
  const rows = ['01100', '01100', '00000', '00000'];
  expect([...decodeRle(detections[0]!.mask).data].join('')).toBe(rows.join(''));
  const corners = [-1, 1, 3, -2, 9, 2, 2, 7];
  const rotated = await readAs('rotated-detection', [tensor('float32', [1, 10], [0, 0.9, ...corners])], {
    ...{ image, spec: { family: 'PaddleX' } },
  });
  expect(rotated.detections[0]).toMatchObject({ corners: [0, 1, 3, 0, 5, 2, 2, 4], box: [0, 0, 5, 4] });
});
