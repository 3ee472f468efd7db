import { appendFile, mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test, vi } from 'vitest';
import { watchRun } from '../../src';
import { type LiveDisplay, setLiveDisplay } from '../../src/display/live-output';
import { ProgressReader } from '../../src/infer/progress/read-progress';
import { newRun, removeRun, writeRun } from '../../src/infer/queue/run-file';
import { finishSlice } from '../../src/infer/queue/slice-files';
import type { ShardSettings } from '../../src/infer/shards/shard-journal';
import type { PredictResult } from '../../src/results';
import { makeFolder } from '../helpers/folders';

const folder = makeFolder();
const result = { kind: 'classification' } as unknown as PredictResult;
const record = (name: string) => ({ file: `/images/${name}`, name, result, written: [] });
const lines = (values: readonly object[]): string => values.map((value) => `${JSON.stringify(value)}\n`).join('');

const journalOf = (place: string, number: number): string => path.join(place, `.paddlelab-infer-${number}-of-2.jsonl`);
const headOf = (number: number) => ({
  shard: { number, count: 2, images: 5, size: 1, list: '', models: '', names: [] },
});

test('the progress of shards is that of their journals, of which only what is new is read', async () => {
  const place = path.join(folder, 'shards');
  await mkdir(place);
  const reader = new ProgressReader([place]);
  expect(await reader.look()).toMatchObject({ of: 'nothing', parts: 0 });
  await writeFile(journalOf(place, 1), lines([headOf(1), record('a"\\.png')]));
  expect(await reader.look()).toEqual({ of: 'shards', images: 5, done: 1, parts: 2, ended: 0, active: 1 });
  // A record twice, as after a batch that was repeated, and half a line.
  await appendFile(journalOf(place, 1), `${lines([record('a"\\.png'), record('b')])}{"file":"/images/c`);
  expect(await reader.look()).toMatchObject({ done: 2 });
  await appendFile(journalOf(place, 1), `","name":"c","result":{},"written":[]}\n${lines([{ end: { failed: [] } }])}`);
  const failed = [{ file: '/images/e', name: 'e', code: 'IMAGE_UNREADABLE', message: 'no image]}}' }];
  await writeFile(journalOf(place, 2), lines([headOf(2), record('d'), { end: { failed } }]));
  expect(await reader.look()).toEqual({ of: 'shards', images: 5, done: 5, parts: 2, ended: 2, active: 0 });
  expect(await watchRun(place)).toMatchObject({ done: 5, ended: 2 });
});

test('a cell shows a run of a queue until it is joined', async () => {
  const place = path.join(folder, 'queued');
  const settings = headOf(1) as unknown as ShardSettings;
  await writeRun(place, newRun({ root: folder, images: 3, slice: 2, settings, task: {} }));
  await finishSlice(place, 0, [record('a'), { failed: { file: '/images/b', name: 'b', code: 'A', message: '' } }]);
  const shown: string[] = [];
  const update = (bundle: Readonly<Record<string, unknown>>): void => {
    shown.push(String(bundle['text/html'] ?? bundle['text/plain']));
  };
  const create = (bundle: Readonly<Record<string, unknown>>) => {
    update(bundle);
    return { update };
  };
  const display = { create } as unknown as LiveDisplay;
  setLiveDisplay(display);
  try {
    const watched = watchRun(place);
    await vi.waitFor(() =>
      expect(shown.at(-1)).toMatch(/<progress max="3" value="2".*2 of 3 images, 1 of 2 parts ended/),
    );
    await removeRun(place);
    expect(await watched).toEqual({ of: 'queue', images: 3, done: 3, parts: 2, ended: 2, active: 0 });
    expect(shown.at(-1)).toBe('3 of 3 images');
  } finally {
    setLiveDisplay(undefined);
  }
});

test('a folder without a run is named, and watching is cancelled', async () => {
  await expect(watchRun(folder)).rejects.toMatchObject({
    code: 'FILE_NOT_FOUND',
    message: expect.stringContaining(`Found no run of shards or of a queue in ${folder}`),
  });
  const place = path.join(folder, 'cancelled');
  await mkdir(place);
  await writeFile(journalOf(place, 1), lines([headOf(1)]));
  await expect(watchRun(place, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'ABORTED' });
  await rm(place, { recursive: true });
  await expect(watchRun(place, { queue: 'http://queue' })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
});
