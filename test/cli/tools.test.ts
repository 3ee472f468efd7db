import { existsSync } from 'node:fs';
import { copyFile, cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Command } from 'commander';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadModel } from '../../src';
import { createProgram } from '../../src/cli/main';
import { distFile } from '../../src/package-root';
import { jupyterEnv } from '../helpers/jupyter';
import { demoModel, goldenImage, type ProcessResult, projectRoot, runProcess } from '../helpers/project';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'paddlelab-tools-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const detector = demoModel('shapes_det_picodet');

function cli(...args: string[]): Promise<ProcessResult> {
  return runProcess(process.execPath, [distFile('cli/main.js'), ...args]);
}

test('inspect shows inputs, outputs, operators and preprocessing of both formats', async () => {
  const { code, stdout } = await cli('inspect', detector);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^task +detection \(PaddleDetection 2.x/m);
  expect(stdout).toMatch(/^inputs +image float32\[-1, 3, 256, 256\]/m);
  expect(stdout).toMatch(/\d+ conv2d/);
  expect(stdout).toMatch(/^ {2}1 +Resize targetSize=\[256, 256\]/m);
  for (const line of stdout.split('\n')) expect(line.length <= 80 || line.includes('/')).toBe(true);
  const json = JSON.parse((await cli('inspect', detector, '--format', 'json', '--json')).stdout);
  expect(json.operators.conv2d).toBeGreaterThan(10);
  expect(json.weights).toBeGreaterThan(100_000);
});

test('tune writes the shapes of all tensors, and refuses models that could not use them', async () => {
  const file = path.join(folder, 'shapes.pbtxt');
  const { code, stdout } = await cli('tune', detector, goldenImage('a_rgb_402x270.png'), '--output', file);
  expect(code).toBe(0);
  expect(stdout).toMatch(/Wrote the shapes of \d{2,} tensors/);
  expect(await readFile(file, 'utf8')).toMatch(/shape_range_info \{\s+name: "image"\s+min_shape: 1\s+min_shape: 3/);
});

test('tune reports a wrong image or file before Paddle aborts the process, and leaves no empty file', async () => {
  const file = path.join(folder, 'no-shapes.pbtxt');
  const missing = await cli('tune', detector, path.join(folder, 'none.png'), '--output', file);
  expect([missing.code, missing.stderr]).toEqual([1, expect.stringContaining('error [FILE_NOT_FOUND]')]);
  expect(await readdir(folder)).not.toContain('no-shapes.pbtxt');
  const below = path.join(detector, 'model.pdmodel', 'shapes.pbtxt');
  const unwritable = await cli('tune', detector, goldenImage('a_rgb_402x270.png'), '--output', below);
  expect([unwritable.code, unwritable.stderr]).toEqual([1, expect.stringContaining('error [FILE_UNWRITABLE]')]);
});

test('tune overwrites neither the model nor an image', async () => {
  const model = path.join(folder, 'tuned-model');
  await cp(detector, model, { recursive: true });
  const image = path.join(folder, 'tuned.png');
  await copyFile(goldenImage('a_rgb_402x270.png'), image);
  for (const file of [path.join(model, 'model.pdmodel'), image]) {
    const before = await readFile(file);
    const { code, stderr } = await cli('tune', model, image, '--output', file);
    expect([code, stderr]).toEqual([
      1,
      expect.stringContaining('is an input and would be overwritten by its own result'),
    ]);
    expect((await readFile(file)).equals(before)).toBe(true);
  }
});

test('convert writes a loadable model in mixed precision, in a fresh process', async () => {
  const out = path.join(folder, 'fp16');
  expect(await cli('convert', detector, out)).toMatchObject({ code: 0, stdout: expect.stringContaining('in fp16') });
  expect((await readdir(out)).sort()).toEqual(['infer_cfg.yml', 'model.pdiparams', 'model.pdmodel']);
  const model = await loadModel(out, { engine: 'plain', trial: false });
  expect(model.spec.labels).toHaveLength(5);
  await model.dispose();
});

test('convert replaces files only with --overwrite, and never the model itself', async () => {
  const model = path.join(folder, 'own-model');
  await cp(detector, model, { recursive: true });
  const program = await readFile(path.join(model, 'model.pdmodel'));
  for (const flags of [[], ['--overwrite']]) {
    const { code, stderr } = await cli('convert', model, model, ...flags);
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/model\.pdmodel is an input and would be overwritten by its own result/),
    ]);
    expect((await readFile(path.join(model, 'model.pdmodel'))).equals(program)).toBe(true);
  }
  const out = path.join(folder, 'own-out');
  await mkdir(out);
  await writeFile(path.join(out, 'infer_cfg.yml'), 'mine');
  const refused = await cli('convert', model, out);
  expect(refused).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/infer_cfg\.yml already exists.*--overwrite/),
  });
  expect(await readdir(out)).toEqual(['infer_cfg.yml']);
  expect(await readFile(path.join(out, 'infer_cfg.yml'), 'utf8')).toBe('mine');
  expect(await cli('convert', model, out, '--overwrite')).toMatchObject({ code: 0 });
  expect(await readFile(path.join(out, 'infer_cfg.yml'), 'utf8')).not.toBe('mine');
});

describe('convert --to onnx', () => {
  test('names the missing package, and how to install it', async () => {
    const { env } = await jupyterEnv();
    const out = path.join(folder, 'missing.onnx');
    const { code, stderr } = await cli('convert', detector, out, '--to', 'onnx', '--python', env.python);
    expect(code).toBe(1);
    expect(stderr).toContain(`error [TOOL_FAILED]: Expected paddle in ${env.python} to convert to ONNX`);
    expect(stderr).toContain('-m pip install paddle2onnx');
    const none = await cli('convert', detector, out, '--to', 'onnx', '--python', '/no/python');
    expect(none).toMatchObject({ code: 1, stderr: expect.stringContaining("can't run /no/python; name one") });
    expect(existsSync(out)).toBe(false);
  });

  test('shows why the converter refuses a model, and leaves no partial file', async () => {
    const python = path.join(folder, 'refusing-python');
    const said = '[ERROR][Paddle2ONNX] [OP: pd_op.odd] Odd operators are not supported.';
    await writeFile(python, `#!/bin/sh\nprintf half > "$4"\necho '${said}' >&2\nkill -ABRT $$\n`, { mode: 0o755 });
    const out = path.join(folder, 'refused');
    const { code, stderr } = await cli('convert', detector, out, '--to=onnx', '--python', python);
    expect(code).toBe(1);
    expect(stderr).toMatch(/\[MODEL_UNSUPPORTED\]: paddle2onnx can't convert \S+: \[OP: pd_op.odd\] Odd operators/);
    expect(await readdir(out)).toEqual([]);
  });

  test.each([
    [['--opset', '11'], 2, /--opset needs --to onnx/],
    [['--to=onnx', '--precision=bf16'], 2, /--precision has no meaning for ONNX/],
    [['--to=onnx', '--opset', '0'], 2, /Expected integer ≥ 7 for opset but received 0/],
    [['--to=onnx', '--image', 'no/such.jpg'], 1, /no\/such\.jpg/],
  ])('%j is refused', async (flags, exit, words) => {
    const { code, stderr } = await cli('convert', detector, path.join(folder, 'never'), ...flags);
    expect([code, stderr]).toEqual([exit, expect.stringMatching(words)]);
    expect(existsSync(path.join(folder, 'never'))).toBe(false);
  });
});

describe('help', () => {
  const program = createProgram();
  const all = (command: Command): Command[] => [command, ...command.commands.flatMap(all)];

  test.each(all(program).map((command) => [command.name(), command] as const))(
    'of %s fits 80 columns',
    (_, command) => {
      let text = '';
      command.configureOutput({ writeOut: (part) => (text += part) });
      command.outputHelp();
      expect(text).toMatch(/^Usage: /);
      for (const line of text.split('\n')) expect(line.length, line).toBeLessThanOrEqual(80);
    },
  );

  test('and completion have every command and flag', async () => {
    const { stdout } = await cli('completion', 'bash');
    const zsh = (await cli('completion', 'zsh')).stdout;
    const fish = (await cli('completion', 'fish')).stdout;
    for (const command of all(program)) {
      for (const { long, hidden } of command.options) {
        if (hidden || long === undefined) continue;
        expect(stdout, `${command.name()} ${long}`).toMatch(new RegExp(`[" ]${long}[" ]`));
        expect(zsh).toContain(`'${long}:`);
        expect(fish).toContain(` -l ${long.slice(2)} `);
      }
    }
  });
});

test('bench prints a Markdown row for each model', async () => {
  const models = path.join(projectRoot, 'notebooks/models/shapes_cls_mbv3s');
  const { code, stdout } = await cli('bench', models, '--runs', '5', '--warmup', '2');
  expect(code).toBe(0);
  expect(stdout).toMatch(
    /^\| model \| input \| engine \| predictor \(ms\/image\) \|\n\| --- .*\n\| shapes_cls_mbv3s \| 64\*64 \| \w+ \| [\d.]+ \|\n$/,
  );
});
