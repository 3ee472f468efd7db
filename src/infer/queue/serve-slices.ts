import path from 'node:path';
import type { Job } from 'bullmq';
import { messageOf, PaddleLabError } from '../../errors';
import { statIfThere } from '../../files/fs';
import { EngineCache, type OpenTools } from './engine-cache';
import { pause } from './pause';
import type { QueueClient } from './queue-client';
import { atRoot } from './root';
import { type QueueRun, readRun } from './run-file';
import { RunJobs } from './run-jobs';
import { runSlice } from './run-slice';
import { Semaphore } from './semaphore';
import { checkSlice, type Slice } from './slice';
import { isFinished } from './slice-files';

/** A worker of a queue. */
export interface ServeSlicesOptions {
  readonly client: QueueClient;
  /** The folder that all machines share, on this machine. */
  readonly root: string;
  /** The name of this worker, for messages. */
  readonly name: string;
  /** Groups of images that are predicted at once. */
  readonly parallel: number;
  /** How many more are read, prepared or written meanwhile. */
  readonly ahead: number;
  /** Loads what works on the slices of a run. */
  readonly open: OpenTools;
  readonly say: (line: string) => void;
  /** Ends the worker: the images under way are finished, the other ones left to other workers. */
  readonly stop: AbortSignal;
}

/** What a worker has done. */
export interface Served {
  slices: number;
  images: number;
  failed: number;
}

const beatMs = 5000;
/** Limit of the last commands to a queue, which may be unreachable. */
const lastMs = 3000;

/**
 * Takes slices from a queue until a signal ends it.
 *
 * @throws PaddleLabError what keeps this worker from working on a run, such as a missing folder; the slice is left to others
 */
export async function serveSlices(options: ServeSlicesOptions): Promise<Served> {
  const { client, name, parallel, say, stop } = options;
  const ended = new AbortController();
  const end = () => ended.abort();
  stop.addEventListener('abort', end, { once: true });
  if (stop.aborted) end();
  const served: Served = { slices: 0, images: 0, failed: 0 };
  let problem: unknown;
  const engines = new EngineCache(options.open);
  const semaphore = new Semaphore(parallel + options.ahead);
  const fail = (error: unknown): void => {
    problem ??= error;
    end();
  };
  const busy = new Set<Promise<unknown>>();
  const take = (job: Job) => takeJob(job, { ...options, engines, semaphore, served, busy, stop: ended.signal }, fail);
  // One more than are predicted at once: while the last images of a slice are written, those of the next are read.
  const worker = client.work(name, parallel + 1, take, say);
  try {
    while (!ended.signal.aborted) {
      await Promise.race([client.beat(name).catch(() => undefined), pause(beatMs, ended.signal)]);
      await pause(beatMs, ended.signal);
    }
    const closed = worker.close().then(() => client.leave(name));
    // What is under way is finished first, however long that takes.
    const given = Promise.allSettled(busy).then(() => pause(lastMs, new AbortController().signal));
    await Promise.race([closed, given]).catch(() => undefined);
  } finally {
    stop.removeEventListener('abort', end);
    await engines.close();
  }
  if (problem !== undefined) throw problem;
  return served;
}

interface Taking extends ServeSlicesOptions {
  readonly engines: EngineCache;
  readonly semaphore: Semaphore;
  readonly served: Served;
  /** The work under way. */
  readonly busy: Set<Promise<unknown>>;
}

async function takeJob(job: Job, options: Taking, fail: (error: unknown) => void): Promise<unknown> {
  const { client, name, stop } = options;
  if (stop.aborted) return client.giveBack(job);
  const slice = checkSlice(job.data);
  const jobs = new RunJobs(client, slice.run);
  let finished: boolean;
  try {
    finished = await takeSlice(slice, jobs, options);
  } catch (error) {
    // Errors without a code are bugs of this library: the slice is tried a few times.
    if (!(error instanceof PaddleLabError)) throw error;
    if (!stop.aborted) {
      fail(error);
      await jobs.tell(`worker ${name} ended: ${messageOf(error)}`);
    }
    return client.giveBack(job);
  }
  return finished ? undefined : client.giveBack(job);
}

/** @returns whether there is nothing more to do for it */
async function takeSlice(slice: Slice, jobs: RunJobs, options: Taking): Promise<boolean> {
  const { root, engines, semaphore, served, busy, stop } = options;
  const folder = atRoot(root, slice.folder);
  const run = await readRun(folder);
  if (run?.id !== slice.run) return forgotten(slice, run, folder, jobs, options);
  if (await isFinished(folder, slice.slice)) return true;
  await checkImages(slice, root);
  const outcomes = await engines.use(run, async (tools) => {
    // No coded error: the worker is not the cause.
    if (slice.images.some(({ files }) => files.length !== tools.writers.length))
      throw new Error('Wrong number of files');
    const work = runSlice(slice, tools, { root, startedAt: run.root, folder, semaphore, stop });
    busy.add(work);
    return work.finally(() => busy.delete(work));
  });
  if (outcomes === undefined) return false;
  served.slices++;
  served.images += outcomes.length;
  served.failed += outcomes.filter((outcome) => 'failed' in outcome).length;
  return true;
}

/** A slice whose run is not in its folder: it has ended, or this machine does not have that folder. */
async function forgotten(
  slice: Slice,
  run: QueueRun | undefined,
  folder: string,
  jobs: RunJobs,
  { root, say }: Taking,
): Promise<boolean> {
  if (run === undefined && (await jobs.isAwaited())) {
    const text = `Expected the run ${slice.run} in ${folder} but it is not there; --root ${root} has to be the same folder as that of \`paddlelab infer --queue\``;
    throw new PaddleLabError('FILE_NOT_FOUND', text);
  }
  say(`note: slice ${slice.slice + 1} of the run ${slice.run} is left out: the run is not in ${folder} any more`);
  return true;
}

/** An image that is not there has failed, but a folder that is not there is none that this machine shares. */
async function checkImages({ images }: Slice, root: string): Promise<void> {
  for (const folder of new Set(images.map(({ file }) => path.dirname(atRoot(root, file))))) {
    if ((await statIfThere(folder))?.isDirectory()) continue;
    const text = `Expected images in ${folder} but there is no such folder; --root ${root} has to be the same folder as that of \`paddlelab infer --queue\``;
    throw new PaddleLabError('FILE_NOT_FOUND', text);
  }
}
