import { mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { ImagePredictor } from '../../src/infer/image-predictor';
import { loadQueuePackages } from '../../src/infer/queue/load-bullmq';
import { readQueueAddress } from '../../src/infer/queue/queue-address';
import { atRoot, belowRoot } from '../../src/infer/queue/root';
import { runSlice } from '../../src/infer/queue/run-slice';
import { Semaphore } from '../../src/infer/queue/semaphore';
import { checkSlice, jobIdOf, type Slice, sliceLength, sliceOfJob, slicesOf } from '../../src/infer/queue/slice';
import { type AttemptLine, isFinished, readSlice } from '../../src/infer/queue/slice-files';
import type { PredictResult } from '../../src/results';
import { makeFolder } from '../helpers/folders';

const folder = makeFolder();
const pixels = { width: 1, height: 1, data: Buffer.alloc(3) };
const result = { kind: 'classification' } as unknown as PredictResult;

/** A slice of some images that nobody has to read. */
function sliceOf(names: readonly string[], slice: number, size = 1): Slice {
  return { run: 'a-b', folder: 'out', slice, size, images: names.map((name) => ({ file: name, name, files: [] })) };
}

async function attempt(slice: number, id: string, lines: readonly AttemptLine[]): Promise<void> {
  const attempts = path.join(folder, 'out', '.paddlelab-queue', 'attempts');
  await mkdir(attempts, { recursive: true });
  await writeFile(
    path.join(attempts, `${slice}-${id}.jsonl`),
    lines.map((line) => `${JSON.stringify(line)}\n`).join(''),
  );
}

/** Works on a slice; returns what was predicted, and whether it was alone. */
async function work(slice: Slice, stop = new AbortController()): Promise<{ seen: string[]; outcomes: string[] }> {
  const seen: string[] = [];
  let running = 0;
  const predictor: ImagePredictor = {
    size: slice.size,
    limit: 4,
    predict: async (files) => {
      running++;
      await new Promise(setImmediate);
      seen.push(`${files.map((file) => path.basename(file)).join('+')}${running > 1 ? ' with others' : ''}`);
      running--;
      return files.map(() => ({ kind: 'result', result, pixels }));
    },
    close: async () => undefined,
  };
  const place = { root: folder, startedAt: '/start', folder: path.join(folder, 'out'), semaphore: new Semaphore(4) };
  const tools = { predictor, writers: [], threshold: undefined };
  const found = await runSlice(slice, tools, { ...place, stop: stop.signal });
  const outcomes = (found ?? []).map((one) =>
    'failed' in one ? `${one.failed.name}: ${one.failed.message}` : one.name,
  );
  return { seen, outcomes };
}

test('an attempt that was killed is continued: only what is missing is predicted, and what was under way alone', async () => {
  await attempt(1, 'aa', [
    { begin: ['a'] },
    { begin: ['b'] },
    { file: '/start/a', name: 'a', result, written: [] },
    { failed: { file: '/start/c', name: 'c', code: 'IMAGE_UNREADABLE', message: 'no image' } },
  ]);
  const { seen, outcomes } = await work(sliceOf(['a', 'b', 'c', 'd', 'e'], 1));
  expect(seen).toEqual(['b', expect.stringMatching(/^d/), expect.stringMatching(/^e/)]);
  expect(outcomes).toEqual(['a', 'b', 'c: no image', 'd', 'e']);
  expect(await isFinished(path.join(folder, 'out'), 1)).toBe(true);
  expect(await readdir(path.join(folder, 'out', '.paddlelab-queue', 'attempts'))).toEqual([]);
  const files = [];
  for await (const { outcome } of readSlice(path.join(folder, 'out'), 1))
    files.push('failed' in outcome ? '' : outcome.file);
  expect(files).toEqual(['/start/a', '/start/b', '', '/start/d', '/start/e']);
});

test('an image during which three workers died has failed; one that was given back has not', async () => {
  for (const id of ['1a', '1b', '1c']) await attempt(2, id, [{ begin: ['deadly'] }]);
  for (const id of ['2a', '2b', '2c']) await attempt(2, id, [{ begin: ['slow'] }, { left: true }]);
  const { seen, outcomes } = await work(sliceOf(['deadly', 'slow'], 2));
  expect(seen).toEqual(['slow']);
  expect(outcomes).toEqual(['deadly: 3 workers died while they worked on it', 'slow']);
});

test('a batch is repeated as a whole', async () => {
  await attempt(3, 'aa', [{ begin: ['a', 'b'] }, { file: '/start/a', name: 'a', result, written: [] }]);
  const { seen, outcomes } = await work(sliceOf(['a', 'b', 'c'], 3, 2));
  expect(seen).toEqual(['a+b', 'c']);
  expect(outcomes).toEqual(['a', 'b', 'c']);
});

test('a worker that is to end leaves the rest, which the next one takes', async () => {
  const stop = new AbortController();
  stop.abort();
  expect(await work(sliceOf(['a', 'b'], 4), stop)).toEqual({ seen: [], outcomes: [] });
  expect(await isFinished(path.join(folder, 'out'), 4)).toBe(false);
  expect((await work(sliceOf(['a', 'b'], 4))).outcomes).toEqual(['a', 'b']);
});

test.each([
  [1, 1, 1],
  [200, 1, 1],
  [1000, 1, 5],
  [1000, 4, 8],
  [1_000_000, 1, 32],
  [10, 64, 64],
])('slices of %i images, %i in a batch, have %i', (images, size, length) => {
  expect(sliceLength(images, size)).toBe(length);
  const slices = slicesOf(
    Array.from({ length: images }, (_, i) => i),
    length,
  );
  expect(slices.flat()).toHaveLength(images);
});

test('a job names its slice', () => {
  expect(sliceOfJob('ab-cd', jobIdOf('ab-cd', 12))).toBe(12);
  expect(sliceOfJob('ab-cd', jobIdOf('ab-ce', 12))).toBeUndefined();
  expect(sliceOfJob('ab-cd', undefined)).toBeUndefined();
});

test.each([
  [{}, /Expected .* for run of the slice of a queue/],
  [{ ...sliceOf(['a'], 0), more: 1 }, /Unknown option "more"/],
  [{ ...sliceOf(['a'], 0), slice: -1 }, /slice of the slice of a queue/],
  [{ ...sliceOf(['a'], 0), images: [{ file: 'a' }] }, /name of the images.*\[0\]/],
  [{ ...sliceOf(['a'], 0), folder: '../out' }, /Expected path below its folder for folder/],
  [{ ...sliceOf(['/etc/passwd'], 0) }, /Expected path below its folder for file/],
  [{ ...sliceOf([], 0), images: [{ file: 'a', name: 'a', files: ['a/../../b'] }] }, /Expected path below its folder/],
  [null, /Expected object for slice of a queue but received null/],
])('data of a job that are none are refused: %j', (data, message) => {
  expect(() => checkSlice(data)).toThrow(message);
});

test('paths stay below the shared folder', () => {
  expect(belowRoot('/mnt/shared', '/mnt/shared/images/a.png', 'images')).toBe('images/a.png');
  expect(() => belowRoot('/mnt/shared', '/mnt/sharedother/a.png', 'images')).toThrow(
    /Expected images below the shared folder/,
  );
  expect(atRoot('/data', 'images/..a.png')).toBe('/data/images/..a.png');
  for (const wrong of ['../a', 'a/../../b', '/etc/passwd'])
    expect(() => atRoot('/data', wrong)).toThrow(/below the shared/);
});

test.each([
  ['redis://queue', 'redis://queue:6379/0'],
  ['redis://user:secret@queue:7000/2', 'redis://queue:7000/2'],
  ['rediss://[::1]:1', 'rediss://[::1]:1/0'],
])('%s is shown as %s', (given, shown) => {
  expect(readQueueAddress('--queue', given)).toEqual({ url: given, shown });
});

test('packages that are missing are named with the line that installs them', () => {
  expect(() => loadQueuePackages([path.join(folder, 'any.js')])).toThrow(
    /Expected the packages bullmq and ioredis .* npm install bullmq ioredis/,
  );
});

test('a semaphore keeps the order of the calls, and runs alone what asks for it', async () => {
  const semaphore = new Semaphore(2);
  const log: string[] = [];
  const step = (name: string) => async (): Promise<void> => {
    log.push(`+${name}`);
    await new Promise(setImmediate);
    log.push(`-${name}`);
  };
  await Promise.all([
    semaphore.use(step('a')),
    semaphore.use(step('b')),
    semaphore.alone(step('c')),
    semaphore.use(step('d')),
  ]);
  expect(log).toEqual(['+a', '+b', '-a', '-b', '+c', '-c', '+d', '-d']);
  await expect(semaphore.use(async () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  await semaphore.alone(step('e'));
  expect(log.at(-1)).toBe('-e');
});
