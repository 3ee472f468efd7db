import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadModel, type PaddleLabError, predict, visualize } from '../../src';
import { distFile } from '../../src/package-root';
import { demoModel, goldenImage } from '../helpers/project';

const [good, bad] = [980, 20];
const detector = demoModel('shapes_det_picodet');
const sides = [200, 320, 480, 640, 900];

let folder: string;
let images: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'paddlelab-thousand-'));
  images = path.join(folder, 'images');
  await mkdir(images);
  const variants = await Promise.all(
    sides.map((side) => sharp(goldenImage('f_rgb_640x480.jpg')).resize(side).jpeg({ quality: 92 }).toBuffer()),
  );
  for (let i = 0; i < good + bad; i++) {
    const bytes = variants[i % variants.length]!;
    // Every fiftieth file is truncated in the middle.
    const content = i % 50 === 25 ? bytes.subarray(0, bytes.length / 2) : bytes;
    await writeFile(path.join(images, `${String(i).padStart(4, '0')}.jpg`), content);
  }
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Resident memory in MiB, by number of finished images. */
  readonly memory: readonly (readonly [done: number, mib: number])[];
}

function infer(out: string, more: readonly string[], killAt = Number.POSITIVE_INFINITY): Promise<Run> {
  const journal = path.join(out, '.paddlelab-infer.jsonl');
  const args = ['infer', detector, images, '--save=picture,jsonl', '--output-dir', out, '--json', ...more];
  const child = spawn(process.execPath, [distFile('cli/main.js'), ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const run = { stdout: '', stderr: '', memory: [] as [number, number][] };
  let done = 0;
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    run.stderr += text;
  });
  child.stdout.setEncoding('utf8').on('data', async (text: string) => {
    run.stdout += text;
    done = run.stdout.split('\n').length - 1;
    const status = await readFile(`/proc/${child.pid}/status`, 'utf8').catch(() => '');
    run.memory.push([done, Number(/VmRSS:\s*(\d+)/.exec(status)?.[1] ?? 0) / 1024]);
    if (done >= killAt && existsSync(journal)) child.kill('SIGKILL');
  });
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, ...run })));
}

test('1000 images, 20 of them damaged: 980 results, 20 named failures, and memory stays flat', async () => {
  const out = path.join(folder, 'whole');
  const { code, stdout, memory } = await infer(out, []);
  expect(code).toBe(3);
  const lines = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { file: string; error?: PaddleLabError });
  expect(lines.filter(({ error }) => error === undefined)).toHaveLength(good);
  const failures = lines.filter(({ error }) => error !== undefined);
  expect(failures.map(({ error }) => error!.code)).toEqual(new Array(bad).fill('IMAGE_UNREADABLE'));
  expect(failures.every(({ file }) => Number(path.parse(file).name) % 50 === 25)).toBe(true);
  const peak = (from: number, to: number) =>
    Math.max(...memory.flatMap(([done, mib]) => (done > from && done <= to && mib > 0 ? [mib] : [])));
  process.stderr.write(
    `1000 images: ${peak(100, 300).toFixed(0)} MiB at most at 100 to 300, ${peak(800, 1000).toFixed(0)} at 800 to 1000\n`,
  );
  expect(peak(800, 1000)).toBeLessThan(peak(100, 300) * 1.15 + 20);
});

test('killed at any moment and resumed, nothing is lost or doubled', async () => {
  const out = path.join(folder, 'parts');
  for (const at of [1, 150, 400]) await infer(out, ['--resume'], at);
  await infer(out, ['--resume']);
  const read = async (name: string) => {
    const text = await readFile(path.join(folder, name, 'results.jsonl'), 'utf8');
    return text
      .trim()
      .split('\n')
      .map((line) => ({ ...JSON.parse(line), timings: undefined }));
  };
  expect(await read('parts')).toEqual(await read('whole'));
  const pictures = async (name: string) =>
    (await readdir(path.join(folder, name))).filter((file) => /^\d+\.jpg$/.test(file));
  expect((await pictures('parts')).sort()).toEqual((await pictures('whole')).sort());
});

test('is faster than a loop over single images', async ({ skip }) => {
  if (availableParallelism() < 2) return skip();
  const files = (await readdir(images))
    .filter((name) => Number(path.parse(name).name) % 50 !== 25)
    .sort()
    .slice(0, 300);
  const some = path.join(folder, 'some');
  await mkdir(some);
  for (const name of files) await writeFile(path.join(some, name), await readFile(path.join(images, name)));
  const model = await loadModel(detector, { engine: 'onednn' });
  await predict(model, path.join(some, files[0]!));
  const before = performance.now();
  for (const name of files) {
    const file = path.join(some, name);
    const picture = await visualize(file, await predict(model, file), { threshold: 0.5 });
    await picture.save(path.join(folder, 'loop', name));
  }
  const loop = performance.now() - before;
  await model.dispose();
  const args = ['infer', detector, some, '--engine', 'onednn', '--output-dir', path.join(folder, 'piped')];
  const child = spawn(process.execPath, [distFile('cli/main.js'), ...args], { stdio: ['ignore', 'pipe', 'ignore'] });
  let stdout = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  await new Promise((resolve) => child.once('close', resolve));
  const rate = Number(/([\d.]+) images\/s/.exec(stdout)![1]);
  const ratio = rate / ((files.length / loop) * 1000);
  // Printed, not asserted: it also depends on other work on the machine.
  process.stderr.write(
    `one at a time ${((files.length / loop) * 1000).toFixed(1)} images/s, infer ${rate} (${ratio.toFixed(2)} ×)\n`,
  );
  expect(rate).toBeGreaterThan(0);
});
