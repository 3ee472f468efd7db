import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { decodeRle } from '../../src/image/rle';
import type { RleMask } from '../../src/results';
import { fixed } from '../../src/text/python-format';
import { sharedPath } from '../helpers/project';
import { engine, folder, golden, goldenImages, infer } from './scripts';

interface BoxRow {
  readonly image_id: number;
  readonly category_id: number;
  readonly file_name: string;
  readonly bbox: readonly number[];
  readonly score: number;
}

const cornersOf = ([x = 0, y = 0, width = 0, height = 0]: readonly number[]) => [x, y, x + width, y + height];

async function readJson<T>(...parts: string[]): Promise<T> {
  return JSON.parse(await readFile(path.join(...parts), 'utf8'));
}

describe('command lines of PaddleDetection’s scripts, compared with the scripts’ results', () => {
  const images = goldenImages;
  if (images === undefined) return test.skip('the golden vectors are not on this machine', () => {});
  const image = path.join(images, 'a_rgb_402x270.png');

  /** Class, score and corners of each row. */
  async function goldenRows(name: string): Promise<number[][]> {
    const rows = (await golden(name)).get('out0')!;
    return Array.from({ length: rows.shape[0]! }, (_, i) => Array.from(rows.data.subarray(i * 6, i * 6 + 6)));
  }

  /** The rows by score, best first: the order of our results. */
  async function rowsByScore(name: string): Promise<number[]> {
    const scores = (await goldenRows(name)).map(([, score]) => score!);
    return scores.map((_, row) => row).sort((a, b) => scores[b]! - scores[a]!);
  }

  /** The same rows in any order: rows with nearly equal scores may be swapped. */
  function expectSameBoxes(boxes: readonly BoxRow[], expected: readonly number[][]): void {
    const left = new Set(boxes);
    for (const [classId, wanted, x1, y1, x2, y2] of expected as [number, number, number, number, number, number][]) {
      if (classId < 0 || wanted <= 0) continue;
      const corners = [x1, y1, x2, y2];
      // Corners of low-scoring boxes, which are never shown, differ slightly more: at most 0.052 px, from a JPEG.
      const found = [...left].find(
        ({ category_id, score, bbox }) =>
          category_id === classId &&
          Math.abs(score - wanted) < 1e-4 &&
          cornersOf(bbox).every((value, at) => Math.abs(value - corners[at]!) < (wanted > 0.1 ? 0.05 : 0.1)),
      );
      expect(found, `class ${classId}, score ${wanted} at ${corners}`).toBeDefined();
      left.delete(found!);
    }
    expect([...left]).toEqual([]);
  }

  test.each([
    ['shapes_det_picodet/old', 'shapes_det_picodet'],
    ['shapes_det_picodet/v1', 'shapes_det_picodet_v1'],
  ])('detection: %s', async (model, vectors) => {
    const out = path.join(folder, vectors);
    const { code, stdout } = await infer(
      `--model_dir=${sharedPath(`models/demo/${model}`)}`,
      `--image_file=${image}`,
      '--use_gpu=False',
      '--threshold=0.4',
      '--save_results',
      `--output_dir=${out}`,
      '--paddle-output',
      ...engine,
    );
    expect(code).toBe(0);
    const expected = await goldenRows(`${vectors}/a_rgb_402x270.npz`);
    const shown = expected.filter(([, score]) => score! > 0.4);
    const space = vectors.endsWith('v1') ? [',', ', '] : [', ', ','];
    for (const [classId, score, ...box] of shown) {
      const [x1, y1, x2, y2] = box.map((value) => value.toFixed(2));
      expect(stdout).toContain(
        `class_id:${classId}, confidence:${score!.toFixed(4)}${space[0]}left_top:[${x1},${y1}]${space[1]}right_bottom:[${x2},${y2}]\n`,
      );
    }
    expect(stdout.match(/^class_id/gm)).toHaveLength(shown.length);
    expect(stdout).toContain(`save result to: ${path.join(out, 'a_rgb_402x270.png')}\n`);
    const boxes = JSON.parse(await readFile(path.join(out, 'bbox.json'), 'utf8')) as {
      file_name: string;
      bbox: number[];
      score: number;
    }[];
    expect(boxes).toHaveLength(expected.filter(([classId, score]) => classId! >= 0 && score! > 0).length);
    expect(boxes[0]).toMatchObject({ image_id: 0, file_name: 'a_rgb_402x270.png' });
    expect(existsSync(path.join(out, 'a_rgb_402x270.png'))).toBe(true);
  });

  test('detection: a folder in batches of two, with all boxes of its images, without subfolders', async () => {
    const out = path.join(folder, 'folder');
    const { code, stdout } = await infer(
      `--model_dir=${sharedPath('models/demo/shapes_det_picodet/old')}`,
      `--image_dir=${images}`,
      '--device=CPU',
      '--run_mode=paddle',
      '--batch_size=2',
      '--save_results',
      '--enable_mkldnn=False',
      `--output_dir=${out}`,
      '--paddle-output',
      ...engine,
    );
    expect(code).toBe(0);
    expect(stdout).toContain('Found 6 inference images in total.\n');
    expect(stdout).toMatch(/total_time\(ms\): \S+, img_num: 6\naverage latency time\(ms\): \S+, QPS: \S+\n/);
    const boxes = await readJson<BoxRow[]>(out, 'bbox.json');
    const names = (await readdir(images)).filter((name) => path.extname(name) !== '').sort();
    expect(new Set(boxes.map(({ file_name }) => file_name))).toEqual(new Set(names));
    for (const name of names) {
      const own = boxes.filter(({ file_name }) => file_name === name);
      expectSameBoxes(own, await goldenRows(`shapes_det_picodet/${path.parse(name).name}.npz`));
      expect(existsSync(path.join(out, name))).toBe(true);
    }
  });

  test('instances: boxes and masks', async () => {
    const out = path.join(folder, 'instances');
    const model = sharedPath('models/demo/shapes_ins_maskrcnn/old')!;
    const { code } = await infer(
      '--model_dir',
      model,
      '--image_file',
      image,
      '--save_results',
      '--output_dir',
      out,
      ...engine,
    );
    expect(code).toBe(0);
    expectSameBoxes(await readJson(out, 'bbox.json'), await goldenRows('shapes_ins_maskrcnn/a_rgb_402x270.npz'));
    const masks = await readJson<{ segmentation: RleMask }[]>(out, 'mask.json');
    const { data, shape } = (await golden('shapes_ins_maskrcnn/a_rgb_402x270.npz')).get('out2')!;
    const order = await rowsByScore('shapes_ins_maskrcnn/a_rgb_402x270.npz');
    const [count, height, width] = shape as [number, number, number];
    expect(masks).toHaveLength(count);
    let [common, either] = [0, 0];
    for (const [i, { segmentation }] of masks.entries()) {
      const found = decodeRle(segmentation);
      expect([found.width, found.height]).toEqual([width, height]);
      for (let at = 0; at < width * height; at++) {
        const [ours, theirs] = [found.data[at] !== 0, data[order[i]! * width * height + at] !== 0];
        if (ours && theirs) common++;
        if (ours || theirs) either++;
      }
    }
    expect(common / either).toBeGreaterThan(0.999);
  });

  test('instances of 1.x: the lines printed by its script', async () => {
    const model = sharedPath('models/demo/shapes_ins_maskrcnn/v1')!;
    const out = path.join(folder, 'instances-v1');
    const line = [`--model_dir=${model}`, `--image_file=${image}`, '--use_gpu=False', '--run_mode=fluid'];
    const { code, stdout } = await infer(...line, `--output_dir=${out}`, '--paddle-output', ...engine);
    expect(code).toBe(0);
    const rows = await goldenRows('shapes_ins_maskrcnn_v1/a_rgb_402x270.npz');
    const shown = rows.filter(([, score]) => score! > 0.5).sort(([, a], [, b]) => b! - a!);
    const told = [...stdout.matchAll(/^class_id:(\d+), confidence:([\d.]+),left_top/gm)];
    expect(told.map(([, classId]) => Number(classId))).toEqual(shown.map(([classId]) => classId));
    expect(told.map(([, , score]) => score)).toEqual(shown.map(([, score]) => fixed(score!, 4)));
  });
});
