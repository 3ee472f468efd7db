import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { distFile } from '../../src/package-root';
import { runPython } from '../helpers/jupyter';
import { demoModel, goldenImage, type ProcessResult, runProcess } from '../helpers/project';

let folder: string;
/** Two images with the same name in two folders. */
let twins: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'paddlelab-infer-'));
  twins = path.join(folder, 'twins');
  for (const [side, file] of [
    ['left', 'a_rgb_402x270.png'],
    ['right', 'c_gray_320x256.png'],
  ] as const) {
    await mkdir(path.join(twins, side), { recursive: true });
    await copyFile(goldenImage(file), path.join(twins, side, 'same.png'));
  }
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The engine is fixed, so that no test waits for a trial. */
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

/** A BMP file of 24 bits, of RGB pixels. */
function bmpOf(width: number, height: number, rgb: Buffer): Buffer {
  const header = Buffer.alloc(54);
  const stride = Math.ceil((width * 3) / 4) * 4;
  header.write('BM');
  header.writeUInt32LE(54, 10);
  header.writeUInt32LE(40, 14);
  header.writeInt32LE(width, 18);
  header.writeInt32LE(-height, 22);
  header.writeUInt16LE(1, 26);
  header.writeUInt16LE(24, 28);
  const rows = Buffer.alloc(stride * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let c = 0; c < 3; c++) rows[y * stride + x * 3 + c] = rgb[(y * width + x) * 3 + 2 - c] as number;
    }
  }
  return Buffer.concat([header, rows]);
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
  test('a run with damaged images processes all others, names the damaged ones, and ends with 3', async () => {
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
      stderr: expect.stringMatching(/results.jsonl already exists; use --overw/),
    });
    expect(await infer(detector, path.join(images, 'bad0.png'), '--output-dir', out, ...engine)).toMatchObject({
      code: 1,
    });
  });

  test('existing files are kept, unless --overwrite is given', async () => {
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

  test('pictures are the same, whether all rows are saved with them or not', async () => {
    const image = goldenImage('a_rgb_402x270.png');
    const [alone, beside] = [path.join(folder, 'alone'), path.join(folder, 'beside')];
    await infer(detector, image, '--output-dir', alone, ...engine);
    await infer(detector, image, '--output-dir', beside, '--save_results', ...engine);
    const picture = (out: string) => readFile(path.join(out, 'a_rgb_402x270.png'));
    expect((await picture(beside)).equals(await picture(alone))).toBe(true);
  });

  test('two images with the same name get separate results', async () => {
    const out = path.join(folder, 'twins-out');
    await infer(detector, '--image_path', twins, '--output-dir', out, ...engine);
    expect((await readdir(out, { recursive: true })).filter((name) => name.endsWith('.png')).sort()).toEqual([
      'left/same.png',
      'right/same.png',
    ]);
  });
});

describe('no result overwrites another', () => {
  /** The picture of a single image. */
  async function alone(image: string): Promise<Buffer> {
    const out = await mkdtemp(path.join(folder, 'alone-'));
    await infer(detector, image, '--output-dir', out, ...engine);
    const [name] = (await readdir(out)).filter((file) => !file.startsWith('.'));
    return readFile(path.join(out, name!));
  }

  test('a.bmp and a.png give two pictures, in one run and in two', async () => {
    const images = path.join(folder, 'endings');
    await mkdir(images);
    const { data, info } = await sharp(goldenImage('c_gray_320x256.png'))
      .toColourspace('srgb')
      .raw()
      .toBuffer({ resolveWithObject: true });
    const [bmp, png] = [path.join(images, 'a.bmp'), path.join(images, 'a.png')];
    await writeFile(bmp, bmpOf(info.width, info.height, data));
    const line = (out: string, ...inputs: string[]) => [detector, ...inputs, '--output-dir', path.join(folder, out)];
    // First one image, then both: the earlier result keeps its name.
    expect(await infer(...line('endings-parts', bmp), ...engine)).toMatchObject({ code: 0 });
    await copyFile(goldenImage('a_rgb_402x270.png'), png);
    const { code, stderr, stdout } = await infer(...line('endings-out', images), ...engine);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^2 of 2 images done/m);
    expect(stderr).toContain('note: the result of a.bmp is named a.bmp.png, because a.png is taken');
    const [own, other] = [await alone(png), await alone(bmp)];
    const read = (out: string, name: string) => readFile(path.join(folder, out, name));
    expect((await read('endings-out', 'a.png')).equals(own)).toBe(true);
    expect((await read('endings-out', 'a.bmp.png')).equals(other)).toBe(true);
    expect(await infer(...line('endings-parts', images), '--resume', ...engine)).toMatchObject({ code: 0 });
    expect((await read('endings-parts', 'a.png')).equals(other)).toBe(true);
    expect((await read('endings-parts', 'a-2.png')).equals(own)).toBe(true);
  });

  test('a.jpg and a.png give two palette files', async () => {
    const images = path.join(folder, 'palettes');
    await mkdir(images);
    await copyFile(goldenImage('f_rgb_640x480.jpg'), path.join(images, 'a.jpg'));
    await copyFile(goldenImage('a_rgb_402x270.png'), path.join(images, 'a.png'));
    const out = path.join(folder, 'palettes-out');
    const given = [demoModel('shapes_seg_ppliteseg'), images, '--save=palette', '--output-dir', out];
    expect(await infer(...given, ...engine)).toMatchObject({ code: 0 });
    expect((await readdir(out)).sort()).toEqual(['.paddlelab-infer.jsonl', 'a.jpg.png', 'a.png']);
  });

  test.each(['--resume', '--overwrite'])('%s does not replace the images themselves', async (flag) => {
    const images = await makeImages(`own${flag}`, 2, 0);
    const before = await readFile(path.join(images, '0000.png'));
    const refused = await infer(detector, images, flag, '--output-dir', images, ...engine);
    expect(refused).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('is an input and would be overwritten by its own result'),
    });
    expect(await readdir(images)).toHaveLength(2);
    expect((await readFile(path.join(images, '0000.png'))).equals(before)).toBe(true);
  });

  test('--resume keeps existing files if there is no run to resume', async () => {
    const out = path.join(folder, 'foreign');
    await mkdir(out);
    await writeFile(path.join(out, 'a_rgb_402x270.png'), 'mine');
    const line = [detector, goldenImage('a_rgb_402x270.png'), '--resume', '--output-dir', out, ...engine];
    expect(await infer(...line)).toMatchObject({ code: 1, stderr: expect.stringContaining('already exists') });
    expect(await readFile(path.join(out, 'a_rgb_402x270.png'), 'utf8')).toBe('mine');
  });
});

describe('at a terminal', () => {
  /** The terminal output. */
  async function atTerminal(args: readonly string[], key = '', after = 'images') {
    // Not as started by npx, even if the tests are.
    const program = ['/usr/bin/env', '-u', 'npm_command', process.execPath, distFile('cli/main.js')];
    const command = [...program, 'infer', ...args, ...engine];
    return runPython('../cli/press_key.py', JSON.stringify({ command, key, after }));
  }

  test('a folder has a progress bar with its rate, and failures are printed above it', async () => {
    const images = await makeImages('seen', 5, 2);
    const { code, stdout } = await atTerminal([detector, images, '--output-dir', path.join(folder, 'seen-out')]);
    expect(code).toBe(3);
    expect(stdout).toMatch(/7\/7 images, \d+\.\d\/s/);
    expect(stdout.match(/failed: \S+bad\d\.png: /g)).toHaveLength(2);
    expect(stdout).toContain('5 of 7 images done, 2 failed');
  });

  /** A folder with a `paddlelab` command for PATH. */
  async function binFolder(): Promise<string> {
    const bin = path.join(folder, 'bin');
    await mkdir(bin, { recursive: true });
    const script = `#!/bin/sh\nexec '${process.execPath}' '${distFile('cli/main.js')}' "$@"\n`;
    await writeFile(path.join(bin, 'paddlelab'), script, { mode: 0o755 });
    return bin;
  }

  /** Runs the printed command, as a user would after copying it. */
  async function runPrinted(command: string): Promise<ProcessResult> {
    return runProcess('/bin/sh', ['-c', command], { PATH: `${await binFolder()}:${process.env.PATH}` });
  }

  test.each([
    ['', []],
    [', also with --overwrite', ['--overwrite=True']],
  ])('Ctrl-C prints a command that resumes the run%s', async (_, flags) => {
    const images = await makeImages(`ctrl-c it's me${flags.length}`, 24, 0);
    const args = [slow, images, '--output_dir', path.join(folder, `ctrl-c out${flags.length}`), ...flags];
    const { code, stdout } = await atTerminal(args, '\u0003', ' [1-9]\\d*/24 images');
    expect(code).toBe(130);
    expect(stdout.lastIndexOf('\u001b[?25h')).toBeGreaterThan(stdout.lastIndexOf('\u001b[?25l'));
    const [, done, command] =
      /Interrupted\. (\d+) of 24 images (?:is|are) finished and kept\. To resume:\s+(paddlelab .*)/.exec(stdout)!;
    expect(Number(done)).toBeGreaterThan(0);
    const rest = await runPrinted(command!);
    expect(rest).toMatchObject({ code: 0, stdout: expect.stringContaining(`, ${done} were finished before`) });
    expect(rest.stdout).toMatch(new RegExp(`^${24 - Number(done)} of 24 images done`, 'm'));
  });

  test('Ctrl-C before the first image says that the same command starts the run, which is true', async () => {
    const images = await makeImages('ctrl-c-early', 3, 0);
    const args = [slow, images, '--save=picture,jsonl', '--output-dir', path.join(folder, 'ctrl-c-early-out')];
    const { code, stdout } = await atTerminal(args, '\u0003', 'on Paddle');
    expect(code).toBe(130);
    expect(stdout).toContain('Interrupted. Nothing was done yet; run the same command to start it.');
    expect(await infer(...args, ...engine)).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^3 of 3 images done/m),
    });
  });

  test('Ctrl-C promises nothing of a run that writes nothing', async () => {
    const images = await makeImages('ctrl-c-nothing', 60, 0);
    const args = [slow, images, '--save_images=False'];
    const { code, stdout } = await atTerminal(args, '\u0003', ' [1-9]\\d*/60 images');
    expect(code).toBe(130);
    expect(stdout).toContain('Interrupted. No files were written; run the same command to start over.');
  });
});

describe('an interrupted run', () => {
  /** Kills the process once a number of images are recorded as done. */
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

  test('leaves no temporary files after the next run', async () => {
    const out = path.join(folder, 'swept');
    await mkdir(path.join(out, 'left'), { recursive: true });
    // The temporary files of a process killed while writing.
    const script = `
      const { temporaryBeside } = require(${JSON.stringify(distFile('files/temporaries.js'))});
      for (const name of ['a.png', 'left/same.png', 'right/same.png', 'frames.jsonl']) {
        const file = temporaryBeside(require('node:path').join(${JSON.stringify(out)}, name), name.startsWith('f') ? 'frames' : undefined);
        require('node:fs').writeFileSync(file, 'half');
      }
      process.kill(process.pid, 'SIGKILL');`;
    await mkdir(path.join(out, 'right'));
    await runProcess(process.execPath, ['-e', script]);
    expect((await readdir(out, { recursive: true })).filter((name) => name.includes('.paddlelab-'))).toHaveLength(4);
    const { stderr, code } = await infer(detector, '--image_path', twins, '--resume', '--output-dir', out, ...engine);
    expect(code).toBe(0);
    expect(stderr).toMatch(/note: a killed run left the results of its frames: \S+unfinished-frames\.jsonl/);
    expect((await readdir(out, { recursive: true })).sort()).toEqual(
      ['.paddlelab-infer.jsonl', 'left', 'left/same.png', 'right', 'right/same.png', 'unfinished-frames.jsonl'].sort(),
    );
  });

  test('is resumed without lost or duplicate results, also after a kill', async () => {
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
    expect((await readdir(parts)).filter((name) => name.startsWith('.'))).toEqual(['.paddlelab-infer.jsonl']);
    expect(Number(/(\d+) were finished before/.exec(last.stdout)![1])).toBeGreaterThanOrEqual(12);
    const withoutTimes = (results: Record<string, unknown>[]) => results.map(({ timings: _, ...rest }) => rest);
    expect(withoutTimes(await jsonLines(path.join(parts, 'results.jsonl')))).toEqual(
      withoutTimes(await jsonLines(path.join(whole, 'results.jsonl'))),
    );
    const pictures = (await readdir(parts)).filter((name) => /\.(png|jpg)$/.test(name) && !name.startsWith('.'));
    expect(pictures).toHaveLength(40);
    const changed = await infer(...line(parts), '--resume', '--threshold=0.9');
    expect(changed.stderr).toMatch(/was started with threshold undefined and can't be resumed with 0.9/);
  });
});

describe('a classifier’s run', () => {
  const image = goldenImage('a_rgb_402x270.png');

  test('is not resumed with another configuration', async () => {
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
    expect(changed.stderr).toContain("was started with config.PostProcess.Topk.topk 1 and can't be resumed with 2");
  });

  test('is not resumed with other sizes', async () => {
    const bare = path.join(folder, 'bare-classifier');
    await mkdir(bare);
    for (const name of ['inference.pdmodel', 'inference.pdiparams']) {
      await copyFile(path.join(demoModel('shapes_cls_mbv3s'), name), path.join(bare, name));
    }
    const given = [bare, image, '--crop-size=64', '--save=jsonl', '--output-dir', path.join(folder, 'bare-out')];
    expect(await infer(...given, '--resize-size=64', ...engine)).toMatchObject({ code: 0 });
    const changed = await infer(...given, '--resize-size=72', '--resume', ...engine);
    expect(changed.stderr).toContain("was started with bareClassifier.resizeSize 64 and can't be resumed with 72");
  });
});

describe('an image on standard input', () => {
  const out = () => mkdtemp(path.join(folder, 'stdin-'));
  const piped = (input: Buffer, folder: string) =>
    spawnSync(process.execPath, [distFile('cli/main.js'), 'infer', detector, '-', '--output-dir', folder, ...engine], {
      input,
      encoding: 'utf8',
    });
  const grey = Buffer.alloc(64 * 48 * 3, 128);

  test.each<[string, () => Promise<Buffer>, string]>([
    ['JPEG', () => readFile(goldenImage('f_rgb_640x480.jpg')), 'stdin.jpg'],
    ['TIFF', () => sharp(goldenImage('a_rgb_402x270.png')).tiff().toBuffer(), 'stdin.tif'],
    ['BMP', async () => bmpOf(64, 48, grey), 'stdin.png'],
    ['PPM', async () => Buffer.concat([Buffer.from('P6\n64 48\n255\n'), grey]), 'stdin.png'],
  ])('may be a %s', async (_, make, name) => {
    const place = await out();
    expect(piped(await make(), place).stderr).not.toContain('error');
    expect((await readdir(place)).sort()).toEqual(['.paddlelab-infer.jsonl', name]);
  });

  test.each<[string, Buffer, RegExp]>([
    ['nothing', Buffer.alloc(0), /image on standard input: it is empty/],
    ['a drawing', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), /standard input: it is an SVG drawing/],
    ['a text', Buffer.from('hello'), /standard input: its first bytes are not those of an image; expected a JPEG/],
  ])('is refused if it is %s', async (_, input, message) => {
    const { status, stderr } = piped(input, await out());
    expect(status).toBe(1);
    expect(stderr).toMatch(message);
    expect(stderr).toContain('[IMAGE_UNREADABLE]');
  });
});

describe('wrong use', () => {
  test.each([
    [['--model_dir=m'], 2, /Expected an input: images, folders/],
    [[], 2, /Expected a model: paddlelab infer MODEL IMAGE/],
    [['m', 'a.png', '--treshold=1'], 2, /Did you mean --threshold\?/],
    [['m', 'a.png', '--use_gpu=perhaps'], 2, /use-gpu/],
    [['m', 'a.png', '--run_mode=trt_fp16'], 1, /TensorRT runs on a GPU only/],
    [['m', 'a.png', '--batch_size=0'], 2, /Expected integer ≥ 1 for batch-size/],
    [['m', 'a.png', '--device=tpu'], 2, /device/],
    [['classifier', 'a.png', '--save=coco'], 2, /COCO's format does not support results of the task "classification"/],
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
