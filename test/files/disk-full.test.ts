import { spawnSync } from 'node:child_process';
import { copyFile, cp, mkdir, mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Figure, slider, visualizeVideo, withModel } from '../../src';
import { Picture } from '../../src/drawing/picture';
import { diskFull, isDiskFull } from '../../src/files/disk-full';
import { distFile } from '../../src/package-root';
import { demoModel, goldenImage, runProcess } from '../helpers/project';
import { mountSmallDisk } from '../helpers/small-disk';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'paddlelab-full-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const detector = demoModel('shapes_det_picodet');
const cli = (...args: string[]) => runProcess(process.execPath, [distFile('cli/main.js'), ...args]);

test('a full disk is recognised in errors of all sources', () => {
  const node = Object.assign(new Error('write failed'), { code: 'ENOSPC' });
  const quota = Object.assign(new Error('EDQUOT: disk quota exceeded, write'), { code: 'EDQUOT' });
  const said = ['av_interleaved_write_frame(): No space left on device', "[Errno 28] No space left on device: 'a'"];
  for (const error of [node, quota, ...said, new Error('outer', { cause: node })]) expect(isDiskFull(error)).toBe(true);
  expect(isDiskFull(Object.assign(new Error('EACCES: permission denied'), { code: 'EACCES' }))).toBe(false);
  expect(diskFull('a', quota).message).toMatch(/^Can't write a: your quota of the disk is used up; make room/);
});

describe('saving from a cell', () => {
  // A disk on which every write fails for lack of space.
  const full = async (name: string): Promise<string> => {
    const file = path.join(folder, name);
    await symlink('/dev/full', file);
    return file;
  };
  const pixels = { width: 8, height: 8, data: new Uint8Array(192) };
  const picture = new Picture(pixels, '');
  const chart = new Figure([{ type: 'scatter', x: [1, 2], y: [1, 2] }]);

  test.each<[string, (file: string) => Promise<unknown>]>([
    ['picture.png', (file) => picture.save(file)],
    ['picture.jpg', (file) => picture.save(file)],
    ['figure.svg', (file) => chart.save(file)],
    ['figure.html', (file) => chart.save(file)],
    ['slider.html', async (file) => (await slider(pixels, pixels)).save(file)],
    [
      'video.gif',
      (file) =>
        withModel(detector, (model) => visualizeVideo(model, [goldenImage('a_rgb_402x270.png')], { file }), {
          engine: 'plain',
        }),
    ],
  ])('%s on a full disk', async (name, save) => {
    await expect(save(await full(name))).rejects.toMatchObject({
      code: 'FILE_UNWRITABLE',
      message: expect.stringMatching(/^Can't write \S+: the disk is full; make room, then run it again$/),
    });
  });
});

describe('a command on a disk that runs full', () => {
  /** Runs a command with a disk of this size; also returns the files left there. */
  async function on(size: string, run: (disk: string) => ReturnType<typeof cli>) {
    const disk = path.join(folder, 'disk');
    const mounted = mountSmallDisk(disk, size);
    if (mounted === undefined) return undefined;
    try {
      const result = await run(disk);
      const left = (await readdir(disk, { recursive: true })).sort();
      return { ...result, left };
    } finally {
      mounted.unmount();
    }
  }

  let images: string;
  beforeAll(async () => {
    images = path.join(folder, 'images');
    await mkdir(images);
    for (let i = 0; i < 12; i++) await copyFile(goldenImage('f_rgb_640x480.jpg'), path.join(images, `${i}.jpg`));
  });

  const infer = (out: string, ...more: string[]) =>
    cli('infer', detector, images, '--engine=plain', '--cpu_threads=1', '--output-dir', path.join(out, 'out'), ...more);
  const line = /^error \[FILE_UNWRITABLE\]: Can't write \S+: the disk is full; .*$/gm;

  test('pictures: a one-line error ends the run, which can be resumed', async ({ skip }) => {
    const ended = await on('500k', (disk) => infer(disk));
    if (ended === undefined) return skip();
    expect(ended.code).toBe(1);
    expect(ended.stderr.match(line)).toHaveLength(1);
    expect(ended.stderr).not.toContain('failed:');
    expect(ended.stderr).toMatch(
      /run it again \(\d+ of 12 images (?:is|are) finished and kept\): (?:npx )?paddlelab infer .* --resume$/m,
    );
    const pictures = ended.left.filter((name) => name.endsWith('.jpg'));
    expect(pictures.length).toBeGreaterThan(0);
    expect(pictures.length).toBeLessThan(12);
    expect(ended.left.filter((name) => /\.paddlelab-(?!infer)/.test(name))).toEqual([]);
  });

  test.for<[string, string, string[]]>([
    ['the journal', '8k', ['--save=jsonl']],
    ['files about all images', '28k', ['--save=jsonl,csv,coco']],
  ])('%s: one line', async ([_, size, more], { skip }) => {
    const ended = await on(size, (disk) => infer(disk, ...more));
    if (ended === undefined) return skip();
    expect([ended.code, ended.stderr.match(line)?.length]).toEqual([1, 1]);
    expect(ended.left.filter((name) => /\.paddlelab-(?!infer)/.test(name))).toEqual([]);
  });

  test('a truncated journal is resumed once there is space', async ({ skip }) => {
    const disk = path.join(folder, 'disk');
    const mounted = mountSmallDisk(disk, '12k');
    if (mounted === undefined) return skip();
    try {
      expect(await infer(disk, '--save=jsonl')).toMatchObject({ code: 1 });
      // Still no space: no finished work may get lost.
      expect(await infer(disk, '--save=jsonl', '--resume')).toMatchObject({ code: 1 });
      expect(spawnSync('mount', ['-o', 'remount,size=10m', disk]).status).toBe(0);
      const { code, stdout } = await infer(disk, '--save=jsonl', '--resume');
      expect(code).toBe(0);
      expect(Number(/(\d+) were finished before/.exec(stdout)?.[1])).toBeGreaterThan(0);
    } finally {
      mounted.unmount();
    }
  });

  test('a model in mixed precision: no partial model is left', async ({ skip }) => {
    const model = path.join(folder, 'model');
    await cp(detector, model, { recursive: true });
    const ended = await on('300k', (disk) => cli('convert', model, path.join(disk, 'fp16')));
    if (ended === undefined) return skip();
    expect([ended.code, ended.stderr.match(line)?.length, ended.left]).toEqual([1, 1, ['fp16']]);
  });

  test.for<[string, (disk: string) => string[]]>([
    ['shapes for TensorRT', (disk) => ['tune', detector, images, '--output', path.join(disk, 'x')]],
    ['a chart', (disk) => ['compare', detector, '--backends=plain', '--runs=3', '--chart', path.join(disk, 'c.html')]],
  ])('%s: one line', async ([_, args], { skip }) => {
    const ended = await on('4k', (disk) => cli(...args(disk)));
    if (ended === undefined) return skip();
    expect([ended.code, ended.stderr.match(line)?.length]).toEqual([1, 1]);
  });
});
