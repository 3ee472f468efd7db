import { execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { distFile } from '../../src/package-root';
import { hasFfmpeg, probe } from '../helpers/ffmpeg';
import { runPython } from '../helpers/jupyter';
import { demoModel, runProcess } from '../helpers/project';
import { mountSmallDisk } from '../helpers/small-disk';

const detector = demoModel('shapes_det_picodet');
const engine = ['--engine', 'plain', '--cpu_threads', '1'];
const cli = distFile('cli/main.js');

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'paddlelab-video-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('without ffmpeg it says how to install it, and leaves nothing behind', async () => {
  const out = path.join(folder, 'none');
  const args = [cli, 'infer', detector, '--video_file', path.join(__filename), '--output-dir', out];
  const { code, stderr } = await runProcess(process.execPath, args, { FFMPEG: '/missing', FFPROBE: '/missing' });
  expect(code).toBe(1);
  expect(stderr).toMatch(
    /error \[TOOL_FAILED\]: Expected ffmpeg for videos but can't run \/missing.*`apt install ffmpeg`/,
  );
  expect(existsSync(out)).toBe(false);
});

describe.skipIf(!hasFfmpeg('videos from a shell'))('a video', () => {
  const infer = (...args: string[]) => runProcess(process.execPath, [cli, 'infer', detector, ...args, ...engine]);

  function make(name: string, ...args: string[]): string {
    const file = path.join(folder, name);
    execFileSync('ffmpeg', ['-y', '-v', 'error', '-f', 'lavfi', '-i', 'testsrc=s=320x180:r=10:d=3', ...args, file]);
    return file;
  }

  test('keeps its frames, its length and its sound', async () => {
    const file = make('sound.mp4', '-f', 'lavfi', '-i', 'sine=d=3', '-c:v', 'libx264', '-c:a', 'aac');
    const out = path.join(folder, 'sound');
    const { code, stdout } = await infer('--video_file', file, '--output_dir', out, '--paddle-output');
    expect(code).toBe(0);
    expect(stdout).toContain('fps: 10, frame_count: 30\ndetect frame: 1\ndetect frame: 2\n');
    expect(stdout).toContain(`save result to: ${path.join(out, 'sound.mp4')}\n`);
    const made = probe(path.join(out, 'sound.mp4'));
    expect(made).toMatchObject({ frames: 30, width: 320, height: 180, streams: ['video', 'audio'] });
    expect(made.duration).toBeCloseTo(3, 1);
    expect(await readdir(out)).toEqual(['sound.mp4']);
    expect(await infer(file, '--output-dir', out)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('--overwrite'),
    });
  });

  test.each([
    ['', []],
    [', nor with --overwrite', ['--overwrite']],
  ])('is not replaced by its own result%s', async (_, flags) => {
    const file = make('own.mp4', '-c:v', 'libx264');
    const before = await readFile(file);
    const { code, stderr } = await infer(file, '--output-dir', folder, ...flags);
    expect([code, stderr]).toEqual([
      1,
      expect.stringContaining('is an input and would be overwritten by its own result'),
    ]);
    expect((await readFile(file)).equals(before)).toBe(true);
  });

  test('can be written as JSON lines, CSV and COCO, with the number and time of each frame', async () => {
    const file = make('rows.mp4', '-c:v', 'libx264');
    const out = path.join(folder, 'rows');
    const line = [file, '--save=picture,coco,jsonl,csv', '--threshold=0.05', '--output-dir', out];
    const { code, stdout } = await infer(...line);
    expect(code).toBe(0);
    const names = ['rows.mp4', 'bbox.json', 'results.jsonl', 'results.csv'];
    expect(stdout.trim().split('\n').slice(-4)).toEqual(names.map((name) => path.join(out, name)));
    expect((await readdir(out)).sort()).toEqual(names.sort());

    const lines = await readLines(path.join(out, 'results.jsonl'));
    expect(lines.map(({ frame }) => frame)).toEqual(Array.from({ length: 30 }, (_, i) => i));
    for (const { frame, time } of lines) expect(time).toBeCloseTo(frame / 10, 3);
    const seen = lines.flatMap(({ frame, time, detections }) =>
      detections.map(({ classId, label, score, box }) => [file, frame, time, classId, label, score, ...box].join(',')),
    );
    expect(seen.length).toBeGreaterThan(0);
    const [heading, ...rows] = (await readFile(path.join(out, 'results.csv'), 'utf8')).trim().split('\r\n');
    expect(heading).toBe('file,frame,time,class_id,label,score,x1,y1,x2,y2');
    expect(rows).toEqual(seen);
    // COCO gets all rows of the network, regardless of the threshold.
    const boxes: { image_id: number; file_name: string; score: number }[] = JSON.parse(
      await readFile(path.join(out, 'bbox.json'), 'utf8'),
    );
    for (const { frame, detections } of lines) {
      const own = boxes.filter(({ image_id, score }) => image_id === frame && score > 0.05);
      expect(own.map(({ score }) => score)).toEqual(detections.map(({ score }) => score));
    }
    expect(new Set(boxes.map(({ file_name }) => file_name))).toEqual(new Set(['rows.mp4']));

    const again = await infer(file, '--save=jsonl', '--output-dir', out);
    expect(again).toMatchObject({ code: 1, stderr: expect.stringContaining('results.jsonl already exists') });
    const palette = await infer(file, '--save=palette', '--output-dir', out);
    expect(palette).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--save palette is not supported for a video'),
    });
  });

  test('is not drawn if only results are requested', async () => {
    const file = make('bare.mp4', '-t', '0.5', '-c:v', 'libx264');
    const out = path.join(folder, 'bare');
    expect(await infer(file, '--save=jsonl', '--output-dir', out)).toMatchObject({ code: 0 });
    expect(await readdir(out)).toEqual(['results.jsonl']);
    expect(await readLines(path.join(out, 'results.jsonl'))).toHaveLength(5);
  });

  test('is rotated according to the file', async () => {
    const flat = make('flat.mp4', '-c:v', 'libx264');
    const turned = path.join(folder, 'turned.mp4');
    execFileSync('ffmpeg', ['-y', '-v', 'error', '-i', flat, '-c', 'copy', '-metadata:s:v', 'rotate=90', turned]);
    const out = path.join(folder, 'turned');
    expect(await infer(turned, '--output-dir', out)).toMatchObject({ code: 0 });
    expect(probe(path.join(out, 'turned.mp4'))).toMatchObject({ frames: 30, width: 180, height: 320 });
  });

  test('that is truncated keeps the readable part, and reports it', async () => {
    // A format that can be read without its end part.
    const file = make('broken.mkv', '-c:v', 'libx264', '-g', '5', '-x264-params', 'bframes=0');
    await truncate(file, Math.floor((await readFile(file)).length * 0.6));
    const out = path.join(folder, 'broken');
    const { code, stdout, stderr } = await infer(file, '--output-dir', out, '--json');
    expect(code).toBe(3);
    const frames = stdout.trim().split('\n').length;
    expect(stderr).toContain(`could only be read up to frame ${frames}, and ends there: ffmpeg can't read ${file}: `);
    expect(frames).toBeGreaterThan(5);
    expect(frames).toBeLessThan(30);
    expect(probe(path.join(out, 'broken.mp4')).frames).toBe(frames);
    await truncate(file, 100);
    const nothing = await infer(file, '--output-dir', path.join(folder, 'nothing'));
    expect(nothing).toMatchObject({ code: 1, stderr: expect.stringMatching(/TOOL_FAILED|IMAGE_UNREADABLE/) });
  });

  interface FrameLine {
    readonly frame: number;
    readonly time: number;
    readonly detections: { classId: number; label: string; score: number; box: number[] }[];
  }

  async function readLines(file: string): Promise<FrameLine[]> {
    const text = await readFile(file, 'utf8');
    return text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
  }

  /** A minute at 30 frames per second. */
  function makeLong(): string {
    const file = path.join(folder, 'long.mp4');
    const pattern = ['-f', 'lavfi', '-i', 'testsrc=s=320x180:r=30:d=60'];
    execFileSync('ffmpeg', ['-y', '-v', 'error', ...pattern, '-c:v', 'libx264', file]);
    return file;
  }

  test.each([
    ['q', 'q'],
    ['Ctrl-C', '\u0003'],
  ])('ends cleanly when %s is pressed', async (name, key) => {
    const file = makeLong();
    const out = path.join(folder, `pressed-${name}`);
    const command = [process.execPath, cli, 'infer', detector, file, '--output-dir', out, ...engine];
    // Once the bar has moved, the first frames are done.
    const { code, stdout } = await runPython(
      '../cli/press_key.py',
      JSON.stringify({ command, key, after: ' [1-9]\\d*/1800 frames' }),
    );
    expect([code, stdout]).toEqual([0, expect.stringContaining('q ends the video here')]);
    expect(probe(path.join(out, 'long.mp4')).frames).toBeLessThan(1700);
    expect(await readdir(out)).toEqual(['long.mp4']);
  });

  test.each(['SIGINT', 'SIGINT to its group', 'closed pipe'])('ends cleanly: %s', async (how) => {
    const file = makeLong();
    const out = path.join(folder, how.replaceAll(' ', '-'));
    const child = spawn(process.execPath, [cli, 'infer', detector, file, '--json', '--output-dir', out, ...engine], {
      stdio: ['ignore', 'pipe', 'ignore'],
      detached: true,
    });
    await new Promise((resolve) => child.stdout.once('data', resolve));
    if (how === 'closed pipe') child.stdout.destroy();
    else {
      child.stdout.resume();
      // Ctrl-C at a terminal also reaches ffmpeg.
      process.kill(how === 'SIGINT' ? child.pid! : -child.pid!, 'SIGINT');
    }
    const code = await new Promise((resolve) => child.once('exit', resolve));
    expect(code).toBe(0);
    expect(probe(path.join(out, 'long.mp4')).frames).toBeLessThan(1700);
    expect(await readdir(out)).toEqual(['long.mp4']);
  });

  const failing = path.join(__dirname, 'failing-ffmpeg.sh');

  test('that can’t be written any more keeps the results up to there, and shows ffmpeg’s error', async () => {
    const file = make('trouble.mp4', '-f', 'lavfi', '-i', 'sine=d=3', '-c:v', 'libx264', '-c:a', 'aac');
    const out = path.join(folder, 'trouble');
    const args = [cli, 'infer', detector, file, '--save=picture,jsonl', '--output-dir', out, ...engine];
    const environment = { FFMPEG: failing, FFMPEG_TROUBLE: 'write' };
    const { code, stderr } = await runProcess(process.execPath, args, environment);
    expect(code).toBe(1);
    const [, frames, place] =
      /error \[TOOL_FAILED\]: ffmpeg can't write \S+: Odd trouble; the results of (\d+) frames before the error are in (\S+)/.exec(
        stderr,
      )!;
    expect(place).toBe(path.join(out, 'results.jsonl'));
    expect(await readdir(out)).toEqual(['results.jsonl']);
    expect(await readLines(place!)).toHaveLength(Number(frames));
  });

  test('whose results can’t be written keeps them in another file, and names it', async () => {
    const file = make('kept.mp4', '-t', '0.5', '-c:v', 'libx264');
    const out = path.join(folder, 'kept');
    // A file can't replace a folder.
    await mkdir(path.join(out, 'results.jsonl'), { recursive: true });
    const { code, stderr } = await infer(file, '--save=jsonl', '--overwrite', '--output-dir', out);
    expect(code).toBe(1);
    const place = /FILE_UNWRITABLE.*; the results of 5 frames are kept in (\S+), one per line/.exec(stderr)?.[1];
    expect((await readLines(place!)).map(({ frame }) => frame)).toEqual([0, 1, 2, 3, 4]);
  });

  test('is complete when Ctrl-C comes while its sound is added', async () => {
    const file = make('mux.mp4', '-f', 'lavfi', '-i', 'sine=d=3', '-c:v', 'libx264', '-c:a', 'aac');
    const out = path.join(folder, 'mux');
    const child = spawn(process.execPath, [cli, 'infer', detector, file, '--output-dir', out, ...engine], {
      env: { ...process.env, FFMPEG: failing, FFMPEG_TROUBLE: 'mux' },
      stdio: 'ignore',
      // In its own process group, like each command of a shell.
      detached: true,
    });
    expect(await new Promise((resolve) => child.once('exit', resolve))).toBe(0);
    expect(await readdir(out)).toEqual(['mux.mp4']);
    expect(probe(path.join(out, 'mux.mp4'))).toMatchObject({ frames: 30, streams: ['video', 'audio'] });
  });

  test('a full disk is reported, and no partial file is left', async ({ skip }) => {
    const disk = path.join(folder, 'disk');
    const mounted = mountSmallDisk(disk, '4k');
    if (mounted === undefined) return skip();
    try {
      const file = make('room.mp4', '-c:v', 'libx264');
      const { code, stderr } = await infer(file, '--output-dir', path.join(disk, 'out'));
      expect(code).toBe(1);
      expect(stderr).toMatch(/error \[FILE_UNWRITABLE\].*the disk is full; make room/);
      expect((await readdir(disk, { recursive: true })).filter((name) => name.endsWith('.mp4'))).toEqual([]);
    } finally {
      mounted.unmount();
    }
  });
});
