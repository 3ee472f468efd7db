import { createHash, randomBytes } from 'node:crypto';
import path from 'node:path';
import { messageOf, PaddleLabError } from '../../errors';
import { writeTextAtomically } from '../../files/atomic-file';
import { readFile, rm, statIfThere } from '../../files/fs';
import { anyText, checkedLater, integer, type OptionChecks, text } from '../../options';
import { differenceOf } from '../shards/same-run';
import type { ShardSettings } from '../shards/shard-journal';
import { readAll } from './read-all';

/** The folder of a run's slices, in its folder of results, until they are joined. */
export const runFolderName = '.paddlelab-queue';

/** A run of a queue: the settings that all workers need. */
export interface QueueRun {
  readonly version: number;
  /** Of this run; begins with a digest of its plan. */
  readonly id: string;
  /** The shared folder on the machine that started the run. */
  readonly root: string;
  /** Number of images. */
  readonly images: number;
  /** Number of images of a slice; the last one may have fewer. */
  readonly slice: number;
  /** The settings of the run, as in the journal of a shard that has all images. */
  readonly settings: ShardSettings;
  /** What the workers do, checked by them. */
  readonly task: object;
}

const version = 1;

const checks = {
  version: integer(1),
  id: text,
  root: anyText,
  images: integer(1),
  slice: integer(1),
  settings: checkedLater<ShardSettings>,
  task: checkedLater<object>,
} satisfies OptionChecks<QueueRun>;

/** A new run. */
export function newRun(run: Omit<QueueRun, 'version' | 'id'>): QueueRun {
  const digest = createHash('sha256')
    .update(JSON.stringify([run.settings, run.slice, run.task]))
    .digest('hex');
  // A run that is begun again with --overwrite is another one.
  return { version, id: `${digest.slice(0, 12)}-${randomBytes(3).toString('hex')}`, ...run };
}

const fileOf = (folder: string): string => path.join(folder, runFolderName, 'run.json');

/** Whether a folder of results has a run of a queue that is not joined yet. */
export async function hasRun(folder: string): Promise<boolean> {
  return (await statIfThere(fileOf(folder))) !== undefined;
}

/**
 * The run of a folder of results; undefined if it has none.
 *
 * @throws PaddleLabError FILE_NOT_FOUND, INVALID_ARGUMENT
 */
export async function readRun(folder: string): Promise<QueueRun | undefined> {
  if (!(await hasRun(folder))) return undefined;
  const file = fileOf(folder);
  let value: unknown;
  try {
    value = JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    if (error instanceof PaddleLabError) throw error;
    throw new PaddleLabError('INVALID_ARGUMENT', `${file} is damaged: ${messageOf(error)}`, { cause: error });
  }
  const found = (value as Partial<QueueRun> | null)?.version;
  if (found !== version) {
    const text = `Expected a run of this version of paddlelab in ${folder} but received version ${found}; use the same one on all machines`;
    throw new PaddleLabError('INVALID_ARGUMENT', text);
  }
  const run = readAll('run of a queue', value, checks);
  if (!/^[0-9a-f]+-[0-9a-f]+$/.test(run.id)) throw new PaddleLabError('INVALID_ARGUMENT', `${file} is damaged`);
  return run;
}

/** @throws PaddleLabError FILE_UNWRITABLE */
export function writeRun(folder: string, run: QueueRun): Promise<void> {
  return writeTextAtomically(fileOf(folder), `${JSON.stringify(run)}\n`);
}

/** Removes everything of a run but its results. */
export function removeRun(folder: string): Promise<void> {
  return rm(path.join(folder, runFolderName), { recursive: true, force: true, maxRetries: 5 });
}

/**
 * Refuses to continue a run with other settings.
 *
 * @throws PaddleLabError INVALID_ARGUMENT
 */
export function checkSameQueueRun(folder: string, before: QueueRun, now: Omit<QueueRun, 'version' | 'id'>): void {
  const { settings, root } = before;
  const difference = differenceOf(settings, now.settings);
  if (difference === undefined && root === now.root && JSON.stringify(before.task) === JSON.stringify(now.task)) return;
  const what = difference ?? (root === now.root ? 'other options' : `--root: ${root} and ${now.root}`);
  throw new PaddleLabError(
    'INVALID_ARGUMENT',
    `${folder} has an unfinished run of a queue that was started otherwise (${what}); use the same settings, another --output-dir, or --overwrite`,
  );
}
