import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { distFile } from '../../src/package-root';
import { runPython } from '../helpers/jupyter';
import { demoModel, goldenImage, type ProcessResult, runProcess } from '../helpers/project';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'paddlelab-infer-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The engine is named, so that no test waits for a trial. */
const engine = ['--engine', 'plain', '--cpu_threads', '1'];
const detector = demoModel('shapes_det_picodet');
const slow = demoModel('shapes_ins_maskrcnn');

function infer(...args: string[]): Promise<ProcessResult> {
  return runProcess(process.execPath, [distFile('cli/main.js'), 'infer', ...args]);
}

async function jsonLines(file: string): Promise<Record<string, unknown>[]> {
  const text = await readFile(file, 'utf8');
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}

/** A folder of images, some of them damaged. */
async function makeImages(name: string, good: number, bad: number): Promise<string> {
  const images = path.join(folder, name);
  await mkdir(images);
  const sources = ['a_rgb_402x270.png', 'c_gray_320x256.png', 'd_rgba_300x300.png', 'f_rgb_640x480.jpg'];
  for (let i = 0; i < good; i++) {
    const source = sources[i % sources.length]!;
    await copyFile(goldenImage(source), path.join(images, `${`${i}`.padStart(4, '0')}${path.extname(source)}`));
  }
  for (let i = 0; i < bad; i++) await writeFile(path.join(images, `bad${i}.png`), `no image ${i}`);
  return images;
}

describe('results', () => {
  test('a run with damaged images does all others, names the damaged, and ends with 3', async () => {
    const images = await makeImages('mixed', 6, 2);
    const out = path.join(folder, 'mixed-out');
    const { code, stdout, stderr } = await infer(detector, images, '--save=jsonl,csv', '--output-dir', out, ...engine);
    expect(code).toBe(3);
    expect(stdout).toMatch(/^6 of 8 images done, 2 failed, \S+ images\/s$/m);
    expect(stderr).toMatch(/failed: \S+bad0.png: Can't decode image/);
    const results = await jsonLines(path.join(out, 'results.jsonl'));
    expect(results.map(({ file }) => path.basename(file as string))).toEqual(
      (await readdir(images)).sort().slice(0, 6),
    );
    const [heading, ...rows] = (await readFile(path.join(out, 'results.csv'), 'utf8')).trim().split('\r\n');
    expect(heading).toBe('file,class_id,label,score,x1,y1,x2,y2');
    expect(rows).toHaveLength(results.reduce((sum, { detections }) => sum + (detections as unknown[]).length, 0));
    const again = await infer(detector, images, '--save=jsonl,csv', '--output-dir', out, ...engine);
    expect(again).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/results.jsonl is there already; use --overw/),
    });
    expect(await infer(detector, path.join(images, 'bad0.png'), '--output-dir', out, ...engine)).toMatchObject({
      code: 1,
    });
  });

  test('what is there is kept, unless it is to be replaced', async () => {
    const out = path.join(folder, 'kept');
    const line = [detector, goldenImage('a_rgb_402x270.png'), '--output-dir', out, ...engine];
    expect(await infer(...line)).toMatchObject({ code: 0 });
    const picture = path.join(out, 'a_rgb_402x270.png');
    await writeFile(picture, 'mine');
    const refused = await infer(...line);
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('[FILE_UNWRITABLE]') });
    expect(refused.stderr).toContain('--overwrite');
    expect(await readFile(picture, 'utf8')).toBe('mine');
    expect(await infer(...line, '--overwrite')).toMatchObject({ code: 0 });
    expect((await readFile(picture)).length).toBeGreaterThan(1000);
    expect((await readdir(out)).filter((name) => name.startsWith('.paddlelab-') && !name.endsWith('.jsonl'))).toEqual(
      [],
    );
  });

  test('pictures show the same, whether all rows are saved beside them or not', async () => {
    const image = goldenImage('a_rgb_402x270.png');
    const [alone, beside] = [path.join(folder, 'alone'), path.join(folder, 'beside')];
    await infer(detector, image, '--output-dir', alone, ...engine);
    await infer(detector, image, '--output-dir', beside, '--save_results', ...engine);
    const picture = (out: string) => readFile(path.join(out, 'a_rgb_402x270.png'));
    expect((await picture(beside)).equals(await picture(alone))).toBe(true);
  });

  test('two images of one name keep apart', async () => {
    const images = path.join(folder, 'twins');
    for (const [side, file] of [
      ['left', 'a_rgb_402x270.png'],
      ['right', 'c_gray_320x256.png'],
    ] as const) {
      await mkdir(path.join(images, side), { recursive: true });
      await copyFile(goldenImage(file), path.join(images, side, 'same.png'));
    }
    const out = path.join(folder, 'twins-out');
    await infer(detector, '--image_path', images, '--output-dir', out, ...engine);
    expect((await readdir(out, { recursive: true })).filter((name) => name.endsWith('.png')).sort()).toEqual([
      'left/same.png',
      'right/same.png',
    ]);
  });
});

describe('at a terminal', () => {
  /** What a person sees. */
  async function atTerminal(args: readonly string[], key = '', after = 'images') {
    const command = [process.execPath, distFile('cli/main.js'), 'infer', ...args, ...engine];
    return runPython('../cli/press_key.py', JSON.stringify({ command, key, after }));
  }

  test('a folder has a bar with its rate, and failures are told above it', async () => {
    const images = await makeImages('seen', 5, 2);
    const { code, stdout } = await atTerminal([detector, images, '--output-dir', path.join(folder, 'seen-out')]);
    expect(code).toBe(3);
    expect(stdout).toMatch(/7\/7 images, \d+\.\d\/s/);
    expect(stdout.match(/failed: \S+bad\d\.png: /g)).toHaveLength(2);
    expect(stdout).toContain('5 of 7 images done, 2 failed');
  });

  test('Ctrl-C ends it with the cursor as it was', async () => {
    const images = await makeImages('ctrl-c', 60, 0);
    const args = [slow, images, '--output-dir', path.join(folder, 'ctrl-c-out')];
    const { code, stdout } = await atTerminal(args, '\u0003', ' [1-9]\\d*/60 images');
    expect(code).toBe(130);
    expect(stdout.lastIndexOf('\u001b[?25h')).toBeGreaterThan(stdout.lastIndexOf('\u001b[?25l'));
    expect(stdout).toContain('Interrupted. What was done so far is kept');
  });
});

describe('a run that is ended', () => {
  /** Ends the process as soon as so many images are noted as done. */
  async function endAfter(child: ChildProcess, journal: string, images: number, signal: NodeJS.Signals): Promise<void> {
    while (child.exitCode === null) {
      const lines = existsSync(journal) ? (await readFile(journal, 'utf8')).split('\n').length - 2 : 0;
      if (lines >= images) break;
      await new Promise((resolve) => setImmediate(resolve));
    }
    child.kill(signal);
    await new Promise((resolve) =>
      child.exitCode === null && child.signalCode === null ? child.once('exit', resolve) : resolve(0),
    );
  }

  test('goes on where it was, with nothing lost and nothing twice, also when it was killed', async () => {
    const images = await makeImages('many', 40, 0);
    const whole = path.join(folder, 'whole');
    const parts = path.join(folder, 'parts');
    const line = (out: string) => [detector, images, '--save=picture,jsonl', '--output-dir', out, ...engine];
    expect(await infer(...line(whole))).toMatchObject({ code: 0 });
    for (const [images, signal] of [
      [3, 'SIGKILL'],
      [12, 'SIGINT'],
    ] as const) {
      const child = spawn(process.execPath, [distFile('cli/main.js'), 'infer', ...line(parts), '--resume'], {
        stdio: 'ignore',
      });
      await endAfter(child, path.join(parts, '.paddlelab-infer.jsonl'), images, signal);
      if (signal === 'SIGINT') expect(child.exitCode).toBe(130);
    }
    const last = await infer(...line(parts), '--resume');
    expect(last.code).toBe(0);
    expect(Number(/(\d+) were done before/.exec(last.stdout)![1])).toBeGreaterThanOrEqual(12);
    const withoutTimes = (results: Record<string, unknown>[]) => results.map(({ timings: _, ...rest }) => rest);
    expect(withoutTimes(await jsonLines(path.join(parts, 'results.jsonl')))).toEqual(
      withoutTimes(await jsonLines(path.join(whole, 'results.jsonl'))),
    );
    const pictures = (await readdir(parts)).filter((name) => /\.(png|jpg)$/.test(name) && !name.startsWith('.'));
    expect(pictures).toHaveLength(40);
    const changed = await infer(...line(parts), '--resume', '--threshold=0.9');
    expect(changed.stderr).toMatch(/was begun with threshold undefined and can't go on with 0.9/);
  });
});

describe('a classifier’s run', () => {
  const image = goldenImage('a_rgb_402x270.png');

  test('does not go on with another configuration', async () => {
    const model = demoModel('shapes_cls_mbv3s');
    const config = path.join(folder, 'cls.yaml');
    const globals = `Global:\n  inference_model_dir: ${model}\n  use_gpu: true\n  enable_mkldnn: true\n`;
    await writeFile(config, globals + (await readFile(path.join(model, 'inference.yml'), 'utf8')));
    const out = path.join(folder, 'configured');
    const given = ['-c', config, '--image_path', image, '--device=cpu', '--save=picture,jsonl', '--output-dir', out];
    expect(await infer(...given, '-o', 'PostProcess.Topk.topk=1', ...engine)).toMatchObject({ code: 0 });
    expect((await readdir(out)).sort()).toEqual(['.paddlelab-infer.jsonl', 'a_rgb_402x270.png', 'results.jsonl']);
    const changed = await infer(...given, '-o', 'PostProcess.Topk.topk=2', '--resume', ...engine);
    expect(changed.code).toBe(2);
    expect(changed.stderr).toContain("was begun with config.PostProcess.Topk.topk 1 and can't go on with 2");
  });

  test('does not go on with other sizes', async () => {
    const bare = path.join(folder, 'bare-classifier');
    await mkdir(bare);
    for (const name of ['inference.pdmodel', 'inference.pdiparams']) {
      await copyFile(path.join(demoModel('shapes_cls_mbv3s'), name), path.join(bare, name));
    }
    const given = [bare, image, '--crop-size=64', '--save=jsonl', '--output-dir', path.join(folder, 'bare-out')];
    expect(await infer(...given, '--resize-size=64', ...engine)).toMatchObject({ code: 0 });
    const changed = await infer(...given, '--resize-size=72', '--resume', ...engine);
    expect(changed.stderr).toContain("was begun with bareClassifier.resizeSize 64 and can't go on with 72");
  });
});

describe('wrong use', () => {
  test.each([
    [['--model_dir=m'], 2, /Expected something to predict on/],
    [[], 2, /Expected a model: paddlelab infer MODEL IMAGE/],
    [['m', 'a.png', '--treshold=1'], 2, /Did you mean --threshold\?/],
    [['m', 'a.png', '--use_gpu=perhaps'], 2, /use-gpu/],
    [['m', 'a.png', '--run_mode=trt_fp16'], 1, /TensorRT runs on a GPU only/],
    [['m', 'a.png', '--batch_size=0'], 2, /Expected integer ≥ 1 for batch-size/],
    [['m', 'a.png', '--device=tpu'], 2, /device/],
    [['classifier', 'a.png', '--save=coco'], 2, /"classification" have no place in COCO's format/],
    [['m', 'a.png', '--resume', '--overwrite'], 2, /exclude each other/],
  ])('%j', async (args, code, words) => {
    const files = new Map([
      ['m', detector],
      ['classifier', demoModel('shapes_cls_mbv3s')],
      ['a.png', goldenImage('a_rgb_402x270.png')],
    ]);
    const given = args.map((arg) => files.get(arg) ?? arg);
    expect(await infer(...given)).toMatchObject({ code, stderr: expect.stringMatching(words) });
  });
});
