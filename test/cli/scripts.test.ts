import { existsSync } from 'node:fs';
import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { readPalettePng } from '../../src/drawing/png';
import { fixed } from '../../src/text/python-format';
import { sharedPath } from '../helpers/project';
import { engine, folder, golden, goldenImages, infer } from './scripts';

describe('command lines of PaddleSeg’s and PaddleClas’s scripts, compared with the scripts’ results', () => {
  const images = goldenImages;
  if (images === undefined) return test.skip('the golden vectors are not on this machine', () => {});
  const image = path.join(images, 'a_rgb_402x270.png');

  test('segmentation: a palette PNG with equal classes in every pixel', async () => {
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

  test('segmentation: all flags of its script, on a list of images', async () => {
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
    expect(stderr).toMatch(/note: --enable-auto-tune has no effect here: .*\nnote: --print-detail has no effect here/);
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
    expect(stderr).toContain('has no configuration and is treated as a classifier');
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
  ])('benchmark of %s: prints its report, and saves nothing', async (_, model, name, flags) => {
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
    [['--use_gpu=True'], 1, /\[DEVICE_UNAVAILABLE\]/],
    [['--device=GPU', '--run_mode=trt_fp16'], 1, /\[(DEVICE|ENGINE)_UNAVAILABLE\]/],
    [['--device=CPU', '--run_mode=trt_fp32'], 1, /TensorRT runs on a GPU only/],
    [['--device=XPU'], 1, /\[DEVICE_UNAVAILABLE\]/],
    [['--enable_mkldnn_bfloat16=True', '--enable_mkldnn=False'], 2, /--enable_mkldnn_bfloat16 needs --enable_mkldnn/],
  ])('%j says what is missing on a computer without a GPU', async (flags, code, words) => {
    const model = sharedPath('models/demo/shapes_det_picodet/old')!;
    const args = [`--model_dir=${model}`, `--image_file=${image}`, `--output_dir=${path.join(folder, 'refused')}`];
    expect(await infer(...args, ...flags)).toMatchObject({ code, stderr: expect.stringMatching(words) });
  });
});
