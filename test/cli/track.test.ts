import { execFileSync, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createZone, loadModel, type Model, parseMot, toMot, track } from '../../src';
import { distFile } from '../../src/package-root';
import { hasFfmpeg, probe } from '../helpers/ffmpeg';
import { demoModel, goldenImage, runProcess } from '../helpers/project';

const detector = demoModel('shapes_det_picodet');
const engine = ['--engine', 'plain', '--cpu_threads', '1'];
const cli = distFile('cli/main.js');

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'paddlelab-track-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const infer = (...args: string[]) => runProcess(process.execPath, [cli, 'infer', detector, ...args, ...engine]);

test('images, --save mot without tracking and --resume without tracking are refused', async () => {
  const image = goldenImage('a_rgb_402x270.png');
  const refusals = [
    [[image, '--track=oc-sort'], '--track follows objects over the frames of a video or a camera'],
    [['street.mp4', '--save=mot'], '--save mot needs --track'],
    [['street.mp4', '--zone=door=0,0,9,9'], '--zone counts tracked objects and needs --track'],
    [['street.mp4', '--track=oc-sort', '--zone=0,0,9'], 'Expected name=x,y,x,y (a line)'],
    [['street.mp4', '--resume'], 'Only a run over a video file with --track can be resumed'],
  ] as const;
  for (const [args, message] of refusals) {
    const { code, stderr } = await infer(...args);
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
  }
});

describe.skipIf(!hasFfmpeg('tracking from a shell'))('objects of a video', () => {
  let video: string;
  beforeAll(() => {
    video = path.join(folder, 'moving.mp4');
    const picture = goldenImage('a_rgb_402x270.png');
    const input = ['-loop', '1', '-framerate', '10', '-t', '6', '-i', picture];
    // The window moves over the picture, to the right and back.
    const motion = "crop=320:240:x='40+40*sin(t)':y='15+14*cos(t)'";
    execFileSync('ffmpeg', [
      '-y',
      '-v',
      'error',
      ...input,
      '-vf',
      motion,
      '-c:v',
      'libx264',
      '-pix_fmt',
      'yuv420p',
      video,
    ]);
  });

  test('are written as a video, MOTChallenge text, JSON lines and CSV, with the ids of `track`', async () => {
    const out = path.join(folder, 'whole');
    const { code, stdout } = await infer(
      video,
      '--track=bot-sort',
      '--save=picture,mot,jsonl,csv',
      '--output-dir',
      out,
    );
    expect([code, stdout]).toEqual([0, expect.stringContaining('60 frames')]);
    expect(probe(path.join(out, 'moving.mp4')).frames).toBe(60);
    const model = (await loadModel(detector, { engine: 'plain', threads: 1 })) as Model<'detection'>;
    const expected = [];
    try {
      for await (const { result } of track(model, video, { tracker: 'bot-sort' })) expected.push(result.detections);
    } finally {
      await model.dispose();
    }
    const text = await readFile(path.join(out, 'mot.txt'), 'utf8');
    expect(text).toBe(toMot(expected));
    expect(parseMot(text).flat().length).toBeGreaterThan(100);
    const rows = (await readFile(path.join(out, 'results.csv'), 'utf8')).trim().split('\r\n');
    expect(rows[0]).toMatch(/,track_id$/);
    const lines = (await readFile(path.join(out, 'results.jsonl'), 'utf8')).trim().split('\n');
    expect(lines.map((line) => JSON.parse(line).detections)).toEqual(JSON.parse(JSON.stringify(expected)));
  });

  /** Kills the run when so many frames are in its journal; returns how many were. */
  async function kill(out: string, frames: number, args: readonly string[]): Promise<number> {
    const journal = path.join(out, '.paddlelab-video-moving.mp4.jsonl');
    const recorded = () => (existsSync(journal) ? readFileSync(journal, 'utf8').split('\n').length - 2 : 0);
    const child = spawn(process.execPath, [cli, 'infer', detector, ...args, '--json'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const exited = new Promise((resolve) => child.once('exit', resolve));
    // Each line of the output belongs to a frame that is recorded next.
    for await (const _ of child.stdout) if (recorded() >= frames) break;
    child.kill('SIGKILL');
    await exited;
    return recorded();
  }

  test('have the same ids after the run was killed twice and resumed', async () => {
    const whole = path.join(folder, 'uninterrupted');
    const out = path.join(folder, 'killed');
    const zones = ['--zone=middle=160,0,160,240', '--zone=left=0,0,160,0,160,240,0,240'];
    const args = [video, '--track=bytetrack', '--save=picture,mot,jsonl', ...zones, ...engine];
    expect(await infer(...args, '--output-dir', whole)).toMatchObject({ code: 0 });
    const first = await kill(out, 10, [...args, '--output-dir', out]);
    expect(first).toBeLessThan(60);
    const refused = await infer(...args, '--output-dir', out);
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringMatching(/--resume to continue/) });
    const second = await kill(out, first + 10, [...args, '--output-dir', out, '--resume']);
    expect(second).toBeGreaterThan(first);
    expect(second).toBeLessThan(60);
    const { code, stderr } = await infer(...args, '--output-dir', out, '--resume');
    expect([code, stderr]).toEqual([0, expect.anything()]);
    const read = (place: string, name: string) => readFile(path.join(place, name), 'utf8');
    expect(await read(out, 'mot.txt')).toBe(await read(whole, 'mot.txt'));
    expect(await read(out, 'counts.json')).toBe(await read(whole, 'counts.json'));
    const [middle, left] = JSON.parse(await read(out, 'counts.json'));
    expect(middle).toMatchObject({ name: 'middle', kind: 'line' });
    expect(left.objects).toBeGreaterThan(0);
    const objects = async (place: string) =>
      (await read(place, 'results.jsonl'))
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).detections);
    expect(await objects(out)).toEqual(await objects(whole));
    const line = createZone({ kind: 'line', from: [160, 0], to: [160, 240] }, { idsPerClass: true });
    const corners = [
      [0, 0],
      [160, 0],
      [160, 240],
      [0, 240],
    ] as const;
    const polygon = createZone({ kind: 'polygon', points: corners }, { idsPerClass: true });
    for (const frame of await objects(out)) for (const zone of [line, polygon]) zone.update(frame);
    expect(middle).toMatchObject(line.counts);
    expect(left).toMatchObject(polygon.counts);
    expect(probe(path.join(out, 'moving.mp4')).frames).toBe(60);
    const other = await infer(...args, '--track=oc-sort', '--output-dir', out, '--resume');
    expect(other).toMatchObject({ code: 2, stderr: expect.stringContaining('was started with') });
  });
});
