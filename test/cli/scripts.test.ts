import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fixed } from '../../src/cli/infer/console/python-format';
import { decodeRle } from '../../src/image/rle';
import { distFile } from '../../src/package-root';
import type { RleMask } from '../../src/results';
import { readPalettePng } from '../../src/visualize/png';
import { type NpyArray, readNpz } from '../helpers/npz';
import { type ProcessResult, runProcess, sharedPath } from '../helpers/project';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'paddlelab-scripts-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The engine is named, so that no test waits for a trial. */
const engine = ['--engine', 'plain', '--cpu_threads', '1'];

function infer(...args: string[]): Promise<ProcessResult> {
  return runProcess(process.execPath, [distFile('cli/main.js'), 'infer', ...args]);
}

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

describe('command lines of Paddle’s scripts, against what these made', () => {
  const images = sharedPath('golden/images');
  if (images === undefined) return test.skip('the golden vectors are not on this machine', () => {});
  const image = path.join(images, 'a_rgb_402x270.png');
  const golden = (name: string): Promise<ReadonlyMap<string, NpyArray>> => readNpz(sharedPath(`golden/${name}`)!);

  /** Class, score and corners of each row. */
  async function goldenRows(name: string): Promise<number[][]> {
    const rows = (await golden(name)).get('out0')!;
    return Array.from({ length: rows.shape[0]! }, (_, i) => Array.from(rows.data.subarray(i * 6, i * 6 + 6)));
  }

  /** Which row is the best, which the next: the order of our results. */
  async function rowsByScore(name: string): Promise<number[]> {
    const scores = (await goldenRows(name)).map(([, score]) => score!);
    return scores.map((_, row) => row).sort((a, b) => scores[b]! - scores[a]!);
  }

  /** The same rows in any order: those of nearly the same score change places. */
  function expectSameBoxes(boxes: readonly BoxRow[], expected: readonly number[][]): void {
    const left = new Set(boxes);
    for (const [classId, wanted, x1, y1, x2, y2] of expected as [number, number, number, number, number, number][]) {
      if (classId < 0 || wanted <= 0) continue;
      const corners = [x1, y1, x2, y2];
      // Of guesses that are never shown, corners are a little less sure: 0.052 px at most, from a JPEG.
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

  test('detection: a folder in runs of two, with every box of the images in it, and none below', async () => {
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

  test('instances of 1.x: the lines that its script prints', async () => {
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

  test('segmentation: a palette PNG with the same class in every pixel', async () => {
    const out = path.join(folder, 'segmented');
    const { code, stdout } = await infer(
      `--config=${sharedPath('models/demo/shapes_seg_ppliteseg/old/deploy.yaml')}`,
      `--image_path=${image}`,
      '--save_dir',
      out,
      '--device',
      'cpu',
      '--with_argmax',
      '--paddle-output',
      ...engine,
    );
    expect(code).toBe(0);
    expect(stdout).toBe('Use CPU\nFinish\n');
    const ours = await readFile(path.join(out, 'a_rgb_402x270.png'));
    const theirs = await readFile(sharedPath('golden/shapes_seg_ppliteseg/a_rgb_402x270.png')!);
    expect(readPalettePng(ours)).toEqual(readPalettePng(theirs));
  });

  test('segmentation: every flag of its script, on a list of images', async () => {
    const [list, out] = [path.join(folder, 'list'), path.join(folder, 'listed')];
    await mkdir(list);
    const names = (await readdir(images)).filter((name) => path.extname(name) !== '').sort();
    for (const name of names) await copyFile(path.join(images, name), path.join(list, name));
    await writeFile(path.join(list, 'files.txt'), names.map((name) => `${name} 0\n`).join(''));
    const { code, stderr } = await infer(
      ...['--config', sharedPath('models/demo/shapes_seg_ppliteseg/old/deploy.yaml')!],
      ...['--image_path', path.join(list, 'files.txt'), '--batch_size', '1', '--save_dir', out, '--device', 'cpu'],
      ...['--use_trt', 'False', '--precision', 'fp32', '--min_subgraph_size', '3', '--enable_auto_tune', 'False'],
      ...['--auto_tuned_shape_file', 'auto_tune_tmp.pbtxt', '--cpu_threads', '1', '--enable_mkldnn', 'False'],
      ...['--benchmark', 'False', '--model_name', '', '--print_detail', 'True', '--engine', 'plain'],
    );
    expect(code).toBe(0);
    expect(stderr).toMatch(
      /note: --enable-auto-tune changes nothing here: .*\nnote: --print-detail changes nothing here/,
    );
    for (const name of names.map((file) => `${path.parse(file).name}.png`)) {
      const theirs = await readFile(sharedPath(`golden/shapes_seg_ppliteseg/${name}`)!);
      const [ours, wanted] = [readPalettePng(await readFile(path.join(out, name))), readPalettePng(theirs)];
      const same = wanted!.data.reduce((sum, label, at) => sum + (ours!.data[at] === label ? 1 : 0), 0);
      expect(same / wanted!.data.length).toBeGreaterThan(0.9999);
    }
  });

  test('classification: the tutorial’s folder has no configuration', async () => {
    const bare = path.join(folder, 'bare');
    await mkdir(bare);
    const old = sharedPath('models/demo/shapes_cls_mbv3s/old')!;
    for (const name of ['inference.pdmodel', 'inference.pdiparams']) {
      await copyFile(path.join(old, name), path.join(bare, name));
    }
    const { code, stdout, stderr } = await infer(
      `--model-dir=${bare}`,
      `--img-path=${path.join(images, 'cls/heart_d_rgba_90x140.png')}`,
      '--resize-size=64',
      '--crop-size=64',
      '--paddle-output',
      ...engine,
    );
    expect(code).toBe(0);
    expect(stderr).toContain('has no configuration and is taken for a classifier');
    const [, classId, probability] = /^image_name: \S+heart_d_rgba_90x140.png, class_id: (\d), prob: (\S+)\n$/.exec(
      stdout,
    )!;
    expect(classId).toBe('4');
    expect(Number(probability)).toBeGreaterThan(0.99);
  });

  test('classification: a folder of PaddleClas', async () => {
    const model = sharedPath('models/demo/shapes_cls_mbv3s/old')!;
    const file = path.join(images, 'cls/triangle_a_120x96.png');
    const { stdout } = await infer(model, file, '--json', ...engine);
    const [best] = (JSON.parse(stdout) as { classes: { label: string; score: number }[] }).classes;
    const scores = (await golden('shapes_cls_mbv3s/triangle_a_120x96.npz')).get('out0')!.data;
    expect(best!.label).toBe('triangle');
    expect(Math.abs(best!.score - Math.max(...scores))).toBeLessThan(1e-4);
  });

  test('classification: PaddleClas’s configuration with overrides, and its lines', async () => {
    const model = sharedPath('models/demo/shapes_cls_mbv3s/old')!;
    const config = path.join(folder, 'inference_cls.yaml');
    const yml = await readFile(path.join(model, 'inference.yml'), 'utf8');
    const globals = ['Global:', '  infer_imgs: ./images', '  inference_model_dir: ./models', '  use_gpu: true'];
    await writeFile(config, `${globals.join('\n')}\n  batch_size: 1\n  enable_mkldnn: true\n${yml}`);
    const { code, stdout, stderr } = await infer(
      ...[
        '-c',
        config,
        '-o',
        `Global.inference_model_dir=${model}`,
        '-o',
        `Global.infer_imgs=${path.join(images, 'cls')}`,
      ],
      ...['-o', 'Global.use_gpu=False', '-o', 'Global.batch_size=4', '-o', 'Global.enable_mkldnn=False'],
      ...['-o', 'PostProcess.Topk.topk=2', '-v', '--paddle-output', ...engine],
    );
    expect([code, stderr]).toEqual([0, '']);
    const names = (await readdir(path.join(images, 'cls'))).sort();
    const labels = ['circle', 'square', 'triangle', 'star', 'heart'];
    const lines = await Promise.all(
      names.map(async (name) => {
        const scores = Array.from((await golden(`shapes_cls_mbv3s/${path.parse(name).name}.npz`)).get('out0')!.data);
        const ids = scores
          .map((_, id) => id)
          .sort((a, b) => scores[b]! - scores[a]!)
          .slice(0, 2);
        const told = ids.map((id) => fixed(scores[id]!, 2)).join(', ');
        const words = ids.map((id) => `'${labels[id]}'`).join(', ');
        return `${name}:\tclass id(s): [${ids.join(', ')}], score(s): [${told}], label_name(s): [${words}]\n`;
      }),
    );
    expect(stdout).toBe(lines.join(''));
  });

  test.each([
    ['PaddleDetection', 'shapes_det_picodet/old', ['--model_dir'], ['--image_file', image, '--run_benchmark=True']],
    ['PaddleSeg', 'shapes_seg_ppliteseg/old/deploy.yaml', ['--config'], ['--image_path', image, '--benchmark', 'True']],
    ['the tutorial', 'shapes_cls_mbv3s/old', ['--model-dir'], ['--img-path', image, '--benchmark=true']],
  ])('benchmark of %s: its report, and nothing is saved', async (_, model, name, flags) => {
    const out = path.join(folder, 'benchmark');
    const place = sharedPath(`models/demo/${model}`)!;
    const few = ['--warmup=1', '--repeats=3', '--output_dir', out];
    const { code, stdout } = await infer(...name, place, ...flags, ...few, ...engine);
    expect(code).toBe(0);
    for (const key of ['paddle_version: ', 'runtime_device: cpu', 'batch_size: 1', 'preprocess_time\\(ms\\): '])
      expect(stdout).toMatch(new RegExp(key));
    expect(existsSync(out)).toBe(false);
  });

  test.each([
    [['--use_gpu=True'], /\[DEVICE_UNAVAILABLE\]/],
    [['--device=GPU', '--run_mode=trt_fp16'], /\[(DEVICE|ENGINE)_UNAVAILABLE\]/],
    [['--device=CPU', '--run_mode=trt_fp32'], /TensorRT runs on a GPU only/],
    [['--device=XPU'], /\[DEVICE_UNAVAILABLE\]/],
    [['--enable_mkldnn_bfloat16=True', '--enable_mkldnn=False'], /--enable_mkldnn_bfloat16 needs --enable_mkldnn/],
  ])('%j says what is missing on a computer without a GPU', async (flags, words) => {
    const model = sharedPath('models/demo/shapes_det_picodet/old')!;
    const args = [`--model_dir=${model}`, `--image_file=${image}`, `--output_dir=${path.join(folder, 'refused')}`];
    expect(await infer(...args, ...flags)).toMatchObject({ code: 1, stderr: expect.stringMatching(words) });
  });
});
