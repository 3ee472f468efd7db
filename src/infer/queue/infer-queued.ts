import path from 'node:path';
import { PaddleLabError, type PaddleLabErrorCode } from '../../errors';
import { rm } from '../../files/fs';
import { refuseReplacing } from '../../files/replacing';
import { type FailedImage, type ImageRecord, journalNames } from '../../predict/result-journal';
import { throwIfAborted } from '../../validate';
import type { ImageEvent, InferImagesOptions } from '../infer-images';
import { nameOutputs, type RenamedOutput } from '../output-names';
import type { PlannedImage } from '../plan';
import type { CollectedRun } from '../shards/collect-shards';
import { type BeginOptions, beginOrContinue, discardRun, recordsBefore } from './begin-run';
import { collectSlices } from './collect-slices';
import { type Followed, followRun } from './follow-run';
import { belowRoot } from './root';
import { type QueueRun, removeRun, runFolderName } from './run-file';
import { RunJobs } from './run-jobs';
import { type Slice, slicesOf } from './slice';
import { finishedSlices, isFinished, nameOf, readSlice, sliceFile, sweepResults } from './slice-files';

/** What a run of a queue needs besides what one on this machine needs. */
export interface InferQueuedOptions
  extends Omit<InferImagesOptions, 'shard' | 'writesFiles' | 'signal'>,
    Omit<Followed, 'jobs' | 'progress'>,
    Pick<BeginOptions, 'task' | 'head'> {}

/** A run whose images are worked on by the workers of a queue. */
export interface QueuedRun {
  /** The outcomes in the images' order. */
  readonly events: AsyncGenerator<ImageEvent, void, undefined>;
  readonly renamed: readonly RenamedOutput[];
  /** Number of finished images so far. */
  done(): number;
  /** The finished run, to be joined. */
  collect(): Promise<CollectedRun>;
  /** After the results are joined: removes the run's own files. */
  end(): Promise<void>;
  /** For a command that ends early: takes out of the queue what no worker has begun. */
  withdraw(): Promise<void>;
}

const choices = {
  existing: '--overwrite to replace it, --resume to continue an interrupted run, or another --output-dir',
  own: 'another --output-dir',
};

/**
 * Puts the images of a run in a queue, in slices, and follows the workers. What is finished is in the folder of results, so
 * that this process, workers and queue may die, and be started again.
 *
 * @throws PaddleLabError INVALID_ARGUMENT, FILE_UNWRITABLE, QUEUE_FAILED, ABORTED
 */
export async function inferQueued(images: readonly PlannedImage[], options: InferQueuedOptions): Promise<QueuedRun> {
  const { folder, writers, existing, client, signal } = options;
  const names = nameOutputs(images, writers, [journalNames.infer, runFolderName, ...options.taken]);
  const files = images.flatMap((image) => writers.map((writer) => names.fileFor(image, writer)));
  const targets = files.map((name) => path.join(folder, name));
  await refuseReplacing(
    targets,
    images.map(({ file }) => file),
    existing !== 'refuse',
    choices,
  );
  const { output, sources } = sharedPaths(images, options);
  if (existing === 'overwrite') await discardRun(folder, client);
  throwIfAborted(signal);
  const run = await beginOrContinue(images, options);
  await sweepResults(folder, files);
  const earlier = await recordsBefore(options);
  const slices = slicesOf(images, run.slice).map((own, slice): Slice => {
    const groups = slicesOf(own, options.head.size).filter((group) => group.some(({ name }) => !earlier.has(name)));
    const todo = groups.flat().map((image) => ({
      file: sources.get(image.name) as string,
      name: image.name,
      files: writers.map((writer) => names.fileFor(image, writer)),
    }));
    return { run: run.id, folder: output, slice, size: options.head.size, images: todo };
  });
  const jobs = new RunJobs(client, run.id);
  const progress = { done: 0 };
  return {
    events: runEvents(run, slices, images, { ...options, jobs, progress }),
    renamed: names.renamed,
    done: () => progress.done,
    collect: async () => {
      const collected = await collectSlices(folder, run, images, { count: slices.length, earlier });
      if (collected.missingImages > 0) await refuseIncomplete(folder, slices, collected);
      return collected;
    },
    end: async () => {
      await removeRun(folder);
      await inTime(jobs.end());
    },
    withdraw: async () => {
      const finished = new Set(await finishedSlices(folder));
      const waiting = slices.map(({ slice }) => slice).filter((slice) => !finished.has(slice));
      await inTime(jobs.remove(waiting));
    },
  };
}

/**
 * The paths of a run relative to the shared folder.
 *
 * @throws PaddleLabError INVALID_ARGUMENT if one is elsewhere
 */
export function sharedPaths(
  images: readonly PlannedImage[],
  { root, folder }: Pick<InferQueuedOptions, 'root' | 'folder'>,
): { readonly output: string; readonly sources: ReadonlyMap<string, string> } {
  const output = belowRoot(root, path.resolve(folder), '--output-dir');
  return { output, sources: new Map(images.map(({ file, name }) => [name, belowRoot(root, file, 'images')])) };
}

/**
 * A computer that lost power may have kept the name of a file without its content: its slices are worked on again by the next
 * run.
 */
async function refuseIncomplete(
  folder: string,
  slices: readonly Slice[],
  { missingImages }: CollectedRun,
): Promise<void> {
  for (const { slice, images } of slices) {
    const found = new Set<string>();
    if (await isFinished(folder, slice)) {
      for await (const { outcome } of readSlice(folder, slice)) found.add(nameOf(outcome));
    }
    if (images.some(({ name }) => !found.has(name))) await rm(sliceFile(folder, slice), { force: true });
  }
  const text = `The results of ${missingImages} images in ${folder} are damaged; the same command again makes them anew`;
  throw new PaddleLabError('FILE_NOT_FOUND', text);
}

/** Limit of the last commands to a queue, which may be unreachable. */
const lastCommandsMs = 3000;

async function inTime(work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, lastCommandsMs);
  });
  await Promise.race([work.catch(() => undefined), limit]);
  clearTimeout(timer);
}

type Following = InferQueuedOptions & Pick<Followed, 'jobs' | 'progress'>;

async function* runEvents(
  run: QueueRun,
  slices: readonly Slice[],
  images: readonly PlannedImage[],
  options: Following,
): AsyncGenerator<ImageEvent, void, undefined> {
  const { folder, progress } = options;
  const todo = new Map<string, PlannedImage>();
  const byName = new Map(images.map((image) => [image.name, image]));
  for (const { name } of slices.flatMap((slice) => slice.images)) todo.set(name, byName.get(name) as PlannedImage);
  for (const image of images) if (!todo.has(image.name)) yield { kind: 'skipped', image };
  progress.done = images.length - todo.size;
  const wanted = slices.filter(({ images: own }) => own.length > 0);
  const before = new Set<number>();
  for (const { slice } of wanted) if (await isFinished(folder, slice)) before.add(slice);
  for await (const slice of followRun(run, wanted, options)) {
    for await (const { outcome } of readSlice(folder, slice)) {
      yield eventOf(outcome, todo, before.has(slice));
    }
  }
}

function eventOf(
  outcome: ImageRecord | { readonly failed: FailedImage },
  images: ReadonlyMap<string, PlannedImage>,
  before: boolean,
): ImageEvent {
  const { name } = 'failed' in outcome ? outcome.failed : outcome;
  const image = images.get(name);
  if (image === undefined) throw new PaddleLabError('INVALID_ARGUMENT', `A slice has an image of another run: ${name}`);
  if ('failed' in outcome) {
    const { code, message } = outcome.failed;
    return { kind: 'failed', image, error: new PaddleLabError(code as PaddleLabErrorCode, message) };
  }
  return before ? { kind: 'skipped', image } : { kind: 'done', image, record: outcome };
}
