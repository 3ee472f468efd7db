import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { distFile } from '../../src/package-root';
import { hasFfmpeg, probe } from '../helpers/ffmpeg';
import { runPython } from '../helpers/jupyter';
import { demoModel, type ProcessResult, runProcess } from '../helpers/project';

const engine = ['--engine', 'plain', '--cpu_threads', '1'];
const cli = distFile('cli/main.js');
const detector = demoModel('shapes_det_picodet');
/** A model slower than a camera's frame rate. */
const slow = demoModel('shapes_ins_maskrcnn');

/** The frame rate of recorded videos. */
const fps = 30;

let folder: string;
let variables: NodeJS.ProcessEnv;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'paddlelab-camera-'));
  const bin = path.join(folder, 'bin');
  await mkdir(bin);
  await copyFile(path.join(__dirname, 'camera-ffmpeg.sh'), path.join(bin, 'ffmpeg'));
  const real = execFileSync('sh', ['-c', 'command -v ffmpeg || true'], { encoding: 'utf8' }).trim();
  variables = { PATH: `${bin}${path.delimiter}${process.env.PATH}`, REAL_FFMPEG: real };
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Recording {
  readonly out: string;
  readonly video: string;
  readonly args: readonly string[];
}

function recording(name: string, model = detector): Recording {
  const out = path.join(folder, name);
  const args = [cli, 'infer', '--model_dir', model, '--camera_id=3', '--output_dir', out, ...engine];
  return { out, video: path.join(out, 'output.mp4'), args };
}

interface Line {
  readonly frame: number;
  readonly time: number;
  readonly kind: string;
}

const linesOf = (stdout: string): Line[] =>
  stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));

/**
 * Starts a recording with one JSON line per frame, calls a function after a number of frames, and waits for the end.
 */
async function record(
  { args }: Recording,
  frames: number,
  then: (child: ChildProcess) => void,
): Promise<ProcessResult> {
  const child = spawn(process.execPath, [...args, '--json'], {
    env: { ...process.env, ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
    // In its own process group, like each command of a shell.
    detached: true,
  });
  let [stdout, stderr, told] = ['', '', false];
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    if (told || stdout.split('\n').length <= frames) return;
    told = true;
    then(child);
  });
  return new Promise((resolve) => child.once('close', (code, signal) => resolve({ code, signal, stdout, stderr })));
}

/** The video is as long as the recording, however many frames were dropped. */
function expectRealTime(video: string, lines: readonly Line[]): void {
  const { codec, frames, width, height, duration } = probe(video);
  expect([codec, width, height]).toEqual(['h264', 320, 180]);
  const seen = lines.at(-1)!.time - lines[0]!.time;
  expect(frames).toBe(Math.round(seen * fps) + 1);
  expect(duration).toBeCloseTo(frames / fps, 2);
}

describe.skipIf(!hasFfmpeg('cameras'))('a camera', () => {
  test('is recorded with its results, until Ctrl-C goes to the whole process group', async () => {
    const made = recording('ctrl-c');
    const { code, stdout, stderr } = await record(made, 10, ({ pid }) => process.kill(-pid!, 'SIGINT'));
    expect([code, stderr]).toEqual([0, '']);
    const lines = linesOf(stdout);
    expect(lines.map(({ frame }) => frame)).toEqual(lines.map((_, i) => i));
    expect(lines.every(({ kind }) => kind === 'detection')).toBe(true);
    expectRealTime(made.video, lines);
    expect(await readdir(made.out)).toEqual(['output.mp4']);
  });

  test('faster than the network is recorded in real time', async () => {
    const made = recording('slow', slow);
    const { code, stdout } = await record(made, 6, (child) => child.kill('SIGINT'));
    expect(code).toBe(0);
    const lines = linesOf(stdout);
    expect(lines.map(({ frame }) => frame)).toEqual(lines.map((_, i) => i));
    expectRealTime(made.video, lines);
  });

  test('ends when the reader of its lines closes the pipe', async () => {
    const made = recording('pipe');
    const { code, stdout } = await record(made, 5, (child) => child.stdout!.destroy());
    expect(code).toBe(0);
    expect(probe(made.video).frames).toBeGreaterThanOrEqual(linesOf(stdout).length);
    expect(await readdir(made.out)).toEqual(['output.mp4']);
  });

  test('ends cleanly when q is pressed, and shows its rate and the number of dropped frames', async () => {
    const made = recording('q', slow);
    const environment = Object.entries(variables).map(([name, value]) => `${name}=${value}`);
    const command = ['/usr/bin/env', ...environment, process.execPath, ...made.args];
    const question = { command, key: 'q', after: '[3-9] frames, \\d+\\.\\d/s' };
    const { code, stdout } = await runPython('../cli/press_key.py', JSON.stringify(question));
    expect([code, stdout]).toEqual([0, expect.stringContaining('waiting for /dev/video3, q ends the video')]);
    expect(stdout).toMatch(
      /\d+ frames \(\d+\.\d s\) at \d+\.\d frames\/s; \d+ more came faster than they could be processed/,
    );
    expect(stdout).toContain(made.video);
    expect(probe(made.video).frames).toBeGreaterThan(3);
  });

  test.each(['0', '1'])('that is unplugged keeps its recording, and reports it (ffmpeg ends with %s)', async (end) => {
    const made = recording(`unplugged-${end}`);
    const environment = { ...variables, CAMERA_LASTS: '1', CAMERA_CODE: end };
    const { code, stdout, stderr } = await runProcess(process.execPath, [...made.args, '--json'], environment);
    expect(code).toBe(3);
    const lines = linesOf(stdout);
    expect(stderr).toContain(`could only be read up to frame ${lines.length}`);
    expect(stderr).toContain("can't read camera /dev/video3: /dev/video3: No such device");
    expectRealTime(made.video, lines);
  });

  test('that does not exist is reported with ffmpeg’s error and the existing cameras', async () => {
    const { out, args } = recording('missing');
    const line = args.map((arg) => (arg === '--camera_id=3' ? '--camera_id=97' : arg));
    const { code, stderr } = await runProcess(process.execPath, line, variables);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /error \[TOOL_FAILED\]: ffmpeg can't read camera \/dev\/video97: .*No such file or directory/,
    );
    expect(stderr).toMatch(/No camera is attached|--camera_id can be \d/);
    expect(existsSync(path.join(out, 'output.mp4'))).toBe(false);
  });
});
