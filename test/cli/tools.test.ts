import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadModel } from '../../src';
import { distFile } from '../../src/package-root';
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

test('inspect tells inputs, outputs, operators and preprocessing of both formats', async () => {
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

test('tune writes the shapes of all tensors, and refuses what could not use them', async () => {
  const file = path.join(folder, 'shapes.pbtxt');
  const { code, stdout } = await cli('tune', detector, goldenImage('a_rgb_402x270.png'), '--output', file);
  expect(code).toBe(0);
  expect(stdout).toMatch(/Wrote the shapes of \d{2,} tensors/);
  expect(await readFile(file, 'utf8')).toMatch(/shape_range_info \{\s+name: "image"\s+min_shape: 1\s+min_shape: 3/);
});

test('convert writes a model in mixed precision that loads, in a process that did nothing before', async () => {
  const out = path.join(folder, 'fp16');
  expect(await cli('convert', detector, out)).toMatchObject({ code: 0, stdout: expect.stringContaining('in fp16') });
  expect((await readdir(out)).sort()).toEqual(['infer_cfg.yml', 'model.pdiparams', 'model.pdmodel']);
  const model = await loadModel(out, { engine: 'plain', trial: false });
  expect(model.spec.labels).toHaveLength(5);
  await model.dispose();
});

test('bench prints a row of Markdown for each model', async () => {
  const models = path.join(projectRoot, 'notebooks/models/shapes_cls_mbv3s');
  const { code, stdout } = await cli('bench', models, '--runs', '5', '--warmup', '2');
  expect(code).toBe(0);
  expect(stdout).toMatch(
    /^\| model \| input \| engine \| predictor \(ms\/image\) \|\n\| --- .*\n\| shapes_cls_mbv3s \| 64\*64 \| \w+ \| [\d.]+ \|\n$/,
  );
});

describe('completion', () => {
  test('of bash offers commands and flags', async () => {
    const { stdout } = await cli('completion', 'bash');
    const ask = (words: readonly string[]) => {
      const script = `${stdout}\nCOMP_WORDS=(${words.join(' ')}); COMP_CWORD=${words.length - 1}; _paddlelab; printf '%s\\n' "\${COMPREPLY[@]}"`;
      return spawnSync('bash', ['-c', script], { encoding: 'utf8', cwd: folder }).stdout.trim().split('\n');
    };
    expect(ask(['paddlelab', 'inf'])).toEqual(['infer']);
    expect(ask(['paddlelab', 'infer', '--thr'])).toEqual(['--threshold']);
    expect(ask(['paddlelab', 'runtime', 'ins'])).toEqual(['install']);
  });

  test('of zsh is a script that zsh can read', async ({ skip }) => {
    const { stdout } = await cli('completion', 'zsh');
    expect(stdout).toMatch(/^#compdef paddlelab\n/);
    expect(stdout).toContain("'--threshold:");
    if (spawnSync('zsh', ['--version']).status !== 0) return skip();
    expect(spawnSync('zsh', ['-n'], { input: stdout, encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
  });
});
