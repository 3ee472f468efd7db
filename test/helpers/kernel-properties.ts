import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { invertAffine } from '../../src/preprocess/geometry';
import { rint } from '../../src/preprocess/rounding';
import type { Affine } from '../../src/preprocess/state';
import { runGeometry } from './passes';
import { projectRoot, runProcess } from './project';

/** One picture for one kernel. */
export interface Job {
  readonly kind: 'size' | 'factors' | 'pillow' | 'warp';
  readonly code: number;
  readonly floats: boolean;
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly toWidth: number;
  readonly toHeight: number;
  readonly fx: number;
  readonly fy: number;
  readonly matrix: Affine;
}

/** The difference between a job's result and the reference. */
export interface Difference {
  readonly job: Job;
  readonly samples: number;
  readonly differing: number;
  readonly largest: number;
}

/** Pseudorandom numbers from 0 to 1, equal in every run (mulberry32). */
export function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** A job with random sizes up to a limit; in half of the jobs, sides are kept, doubled or halved. */
export function drawJob(random: () => number, kind: Job['kind'], code: number, floats: boolean, side: number): Job {
  const integer = (from: number, to: number) => from + Math.floor(random() * (to - from + 1));
  const [width, height] = [integer(2, side), integer(2, side)];
  const channels = kind === 'pillow' ? 3 : integer(1, 4);
  const factor = () => [0.5, 2, 1, 1 / 3, 0.05 + random() * 3, 0.05 + random() * 3][integer(0, 5)] as number;
  const [fx, fy] = [factor(), factor()];
  const [toWidth, toHeight] = [Math.max(1, rint(width * fx)), Math.max(1, rint(height * fy))];
  const k = 0.3 + random() * 2;
  const matrix: Affine = [k, 0, (random() - 0.3) * width, 0, k, (random() - 0.3) * height];
  // OpenCV's factors must give at least one pixel.
  const scales = { fx: Math.max(fx, 1 / width), fy: Math.max(fy, 1 / height) };
  return { kind, code, floats, width, height, channels, toWidth, toHeight, ...scales, matrix };
}

/** Runs jobs through the native kernels and through OpenCV and Pillow. */
export async function compareKernels(python: string, jobs: readonly Job[], seed: number): Promise<Difference[]> {
  const random = randomNumbers(seed);
  const pictures = jobs.map(({ width, height, channels }) => drawPicture(random, width, height, channels));
  const folder = await mkdtemp(path.join(tmpdir(), 'paddlelab-kernels-'));
  try {
    await writeFile(path.join(folder, 'jobs.json'), JSON.stringify(jobs));
    await writeFile(path.join(folder, 'input.bin'), Buffer.concat(pictures));
    const script = path.join(projectRoot, 'test/preprocess/reference.py');
    const { code, stderr } = await runProcess(python, [script, folder]);
    if (code !== 0) throw new Error(stderr);
    const expected = await readFile(path.join(folder, 'output.bin'));
    return await compareAll(jobs, pictures, expected);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Noise, gradients, and black and white, which needs the most rounding and clipping. */
function drawPicture(random: () => number, width: number, height: number, channels: number): Uint8Array {
  const style = random();
  const [a, b] = [random() * 9, random() * 9];
  return Uint8Array.from({ length: width * height * channels }, (_, i) => {
    if (style < 0.4) return random() * 256;
    if (style < 0.7) return (a * (i % (width * channels)) + b * Math.floor(i / (width * channels))) % 256;
    return random() < 0.5 ? 0 : 255;
  });
}

async function compareAll(
  jobs: readonly Job[],
  pictures: readonly Uint8Array[],
  expected: Buffer,
): Promise<Difference[]> {
  const differences: Difference[] = [];
  let offset = 0;
  for (const [i, job] of jobs.entries()) {
    const found = await runJob(job, pictures[i] as Uint8Array);
    const bytes = Uint8Array.from(expected.subarray(offset, offset + found.byteLength));
    offset += found.byteLength;
    differences.push({
      job,
      samples: found.length,
      ...compare(found, job.floats ? new Float32Array(bytes.buffer) : bytes),
    });
  }
  if (offset !== expected.length) throw new Error(`Expected ${expected.length} bytes of results but made ${offset}`);
  return differences;
}

function compare(found: ArrayLike<number>, expected: ArrayLike<number>): { differing: number; largest: number } {
  let differing = 0;
  let largest = 0;
  for (let i = 0; i < found.length; i++) {
    const difference = Math.abs((found[i] as number) - (expected[i] as number));
    if (difference > 0) differing++;
    if (difference > largest) largest = difference;
  }
  return { differing, largest };
}

async function runJob(job: Job, picture: Uint8Array): Promise<Uint8Array | Float32Array> {
  const { width, height, channels, toWidth, toHeight } = job;
  const data = job.floats ? Float32Array.from(picture) : picture;
  const size = { width: toWidth, height: toHeight };
  const source = { data, width, height, channels };
  if (job.kind === 'pillow') {
    const same = width === toWidth && height === toHeight;
    return same ? data : runGeometry(source, { kind: 'pillow', ...size, filter: job.code });
  }
  if (job.kind === 'warp') return runGeometry(source, { kind: 'warp', ...size, matrix: invertAffine(job.matrix) });
  // If the size does not change, OpenCV copies, and so does preprocessing.
  if (width === toWidth && height === toHeight) return data;
  const steps =
    job.kind === 'factors'
      ? { stepX: 1 / job.fx, stepY: 1 / job.fy }
      : { stepX: 1 / (toWidth / width), stepY: 1 / (toHeight / height) };
  return runGeometry(source, { kind: 'resize', ...size, ...steps, interpolation: job.code });
}
