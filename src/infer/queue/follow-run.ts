import path from 'node:path';
import { messageOf } from '../../errors';
import { throwIfAborted } from '../../validate';
import { pause } from './pause';
import type { QueueClient } from './queue-client';
import type { QueueRun } from './run-file';
import type { FailedSlice, RunJobs } from './run-jobs';
import type { Slice } from './slice';
import { earlierAttempts, finishedSlices, finishSlice, isFinished, isOutcome, nameOf } from './slice-files';

/** Between looks at the files of finished slices, for each so many slices. */
const lookMs = 200;
const slicesPerLook = 2000;
/** Between looks at the queue. */
const queueMs = 2000;

/** How far a run is. */
export interface QueueReport {
  /** Number of images. */
  readonly images: number;
  /** Number of images of finished slices. */
  readonly done: number;
  /** Number of workers that are there; undefined while it is not known. */
  readonly workers: number | undefined;
}

/** What following a run needs. */
export interface Followed {
  readonly client: QueueClient;
  /** The folder that all machines share. */
  readonly root: string;
  /** The folder of results. */
  readonly folder: string;
  readonly report: (report: QueueReport) => void;
  /** Prints a line. */
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
  readonly jobs: RunJobs;
  /** Kept up to date. */
  readonly progress: { done: number };
}

type Watched = Followed & { readonly slices: readonly Slice[] };

/**
 * Puts the slices of a run in the queue and yields their numbers in order, as soon as each is finished and those before it.
 * A slice is finished when its file exists; the queue only distributes slices, and may lose them.
 *
 * @throws PaddleLabError ABORTED, FILE_NOT_FOUND if the run was removed meanwhile
 */
export async function* followRun(
  run: QueueRun,
  slices: readonly Slice[],
  options: Followed,
): AsyncGenerator<number, void, undefined> {
  const { folder, progress, signal, report } = options;
  const finished = new Set<number>();
  const ended = new AbortController();
  const state: QueueState = {
    workers: undefined,
    unfinished: () => slices.filter(({ slice }) => !finished.has(slice)),
  };
  const images = new Map(slices.map(({ slice, images: own }) => [slice, own.length]));
  const watching = watchQueue(state, { ...options, slices }, ended.signal);
  const look = async (): Promise<void> => {
    for (const slice of await finishedSlices(folder)) {
      if (finished.has(slice) || !images.has(slice)) continue;
      finished.add(slice);
      progress.done += images.get(slice) as number;
    }
    report({ images: run.images, done: progress.done, workers: state.workers });
  };
  try {
    for (const { slice } of slices) {
      while (!finished.has(slice)) {
        await look();
        throwIfAborted(signal);
        if (finished.has(slice)) break;
        await pause(lookMs * Math.ceil(slices.length / slicesPerLook), signal);
      }
      yield slice;
      throwIfAborted(signal);
    }
  } finally {
    ended.abort();
    await Promise.race([watching, pause(queueMs, signal)]);
  }
}

interface QueueState {
  workers: number | undefined;
  readonly unfinished: () => readonly Slice[];
}

/** Looks at the queue until the run has ended; commands wait as long as the queue is not there. */
async function watchQueue(state: QueueState, options: Watched, ended: AbortSignal): Promise<void> {
  const { client, jobs, say } = options;
  let complete = false;
  const lost = () => {
    complete = false;
  };
  // A queue that was away may have forgotten the last slices.
  client.redis.on('ready', lost);
  try {
    while (!ended.aborted) {
      try {
        await jobs.await();
        await settleFailed(await jobs.failed(), options);
        const unfinished = state.unfinished();
        const lacks = !complete || (await jobs.count()) < unfinished.length;
        // After the end slices are taken out of the queue.
        if (ended.aborted) return;
        if (lacks) {
          complete = true;
          await jobs.add(unfinished);
        }
        state.workers = await client.workers();
        for (const message of await jobs.messages()) say(message);
      } catch (error) {
        if (!ended.aborted && !client.isClosing) say(`note: the queue reports: ${messageOf(error)}`);
      }
      await pause(queueMs, ended);
    }
  } finally {
    client.redis.off('ready', lost);
  }
}

/** What no worker takes any more is finished with what there is: images without an outcome have failed. */
async function settleFailed(failed: readonly FailedSlice[], { folder, root, jobs, slices }: Watched): Promise<void> {
  for (const { slice, reason } of failed) {
    const own = slices.find((one) => one.slice === slice);
    if (own !== undefined && !(await isFinished(folder, slice))) {
      const attempts = await earlierAttempts(folder, slice);
      const outcomes = new Map(
        attempts
          .flat()
          .filter(isOutcome)
          .map((outcome) => [nameOf(outcome), outcome]),
      );
      await finishSlice(
        folder,
        slice,
        own.images.map(({ file, name }) => {
          const failure = {
            file: path.resolve(root, file),
            name,
            code: 'WORKER_FAILED',
            message: `Its slice failed: ${reason}`,
          };
          return outcomes.get(name) ?? { failed: failure };
        }),
      );
    }
    await jobs.remove([slice]);
  }
}
