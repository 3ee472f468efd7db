import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { afterInterrupt, resumeCommand } from '../../src/cli/infer/resume';
import { distFile } from '../../src/package-root';
import { runPython } from '../helpers/jupyter';
import { demoModel, goldenImage } from '../helpers/project';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'paddlelab-interrupts-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const detector = demoModel('shapes_det_picodet');
const image = goldenImage('a_rgb_402x270.png');

/** The terminal output of a command that gets Ctrl-C once it has shown something. */
function interrupted(after: string, ...args: string[]) {
  const command = [process.execPath, distFile('cli/main.js'), ...args];
  return runPython('../cli/press_key.py', JSON.stringify({ command, key: '\u0003', after }));
}

describe('Ctrl-C is reported correctly by', () => {
  test('compare', async () => {
    const { code, stdout } = await interrupted(
      'round|loading',
      'compare',
      detector,
      '--backends=plain',
      '--runs=100000',
    );
    expect(code).toBe(130);
    expect(stdout).toMatch(/Interrupted\. .*; run the same command to start over\./);
    expect(stdout).not.toContain('goes on');
  });

  test('bench', async () => {
    const models = path.dirname(detector);
    const { code, stdout } = await interrupted('\\| --- \\|', 'bench', models, '--runs=100000');
    expect(code).toBe(130);
    expect(stdout).toContain('Interrupted. Nothing was done yet; run the same command to start it.');
  });

  test('infer --run_benchmark', async () => {
    const bare = ['infer', detector, image, '--engine=plain', '--run_benchmark=True', '--repeats=100000'];
    const { code, stdout } = await interrupted('round|loading|plain', ...bare);
    expect(code).toBe(130);
    expect(stdout).toContain('Interrupted. Measurements are not saved; run the same command to start over.');
  });

  test('tune', async () => {
    const output = path.join(folder, 'shapes.pbtxt');
    const { code, stdout } = await interrupted('CollectShapeInfo', 'tune', detector, image, '--output', output);
    expect(code).toBe(130);
    const message = /Interrupted\. (Nothing was done yet|\S+ has the shapes of only 1 images)/.exec(stdout);
    expect(message, stdout).not.toBeNull();
  });

  test('convert --to onnx', async () => {
    const python = path.join(folder, 'slow-python');
    await writeFile(python, '#!/bin/sh\nexec sleep 100\n', { mode: 0o755 });
    const out = path.join(folder, 'onnx');
    const { code, stdout } = await interrupted('Starting', 'convert', detector, out, '--to=onnx', '--python', python);
    expect(code).toBe(130);
    expect(stdout).toContain('Interrupted. Nothing was written; run the same command to start over.');
    expect(existsSync(path.join(out, 'inference.onnx'))).toBe(false);
  });

  test('infer of a video before its first frame', async () => {
    const ffmpeg = path.join(folder, 'ffmpeg');
    await writeFile(ffmpeg, '#!/bin/sh\ncase "$*" in *-version*) exit 0 ;; esac\nexec sleep 100\n', { mode: 0o755 });
    const out = path.join(folder, 'camera');
    const given = ['infer', detector, '--camera_id=0', '--engine=plain', '--output-dir', out];
    const command = ['/usr/bin/env', `FFMPEG=${ffmpeg}`, process.execPath, distFile('cli/main.js'), ...given];
    const asked = JSON.stringify({ command, key: '\u0003', after: 'waiting for' });
    const { code, stdout } = await runPython('../cli/press_key.py', asked);
    expect(code).toBe(130);
    expect(stdout).toContain('Interrupted. Nothing was done yet; run the same command to start it.');
    expect(existsSync(path.join(out, 'output.mp4'))).toBe(false);
  });
});

describe('the command that resumes a run', () => {
  test('is quoted for a shell, and drops --overwrite', () => {
    const given = ['infer', 'a model', "it's.png", '--overwrite', '--output-dir=out', '--', '--odd.png'];
    expect(resumeCommand(given)).toMatch(
      /paddlelab infer 'a model' 'it'\\''s\.png' --output-dir=out --resume -- --odd\.png$/,
    );
  });

  test('is only printed if something was done', () => {
    expect(afterInterrupt(['infer', 'm', 'a'], true, { images: 3, done: 0 })).toMatch(/^Nothing was done yet/);
    expect(afterInterrupt(['infer', 'm', 'a'], true, undefined)).toMatch(/^Nothing was done yet/);
    expect(afterInterrupt(['infer', 'm', 'a'], true, { images: 3, done: 1 })).toMatch(
      /^1 of 3 images is finished and kept/,
    );
  });
});
