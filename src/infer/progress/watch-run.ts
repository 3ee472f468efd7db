import path from 'node:path';
import { escapeHtml } from '../../display/display';
import { currentCellSignal } from '../../display/live-output';
import { Pace } from '../../display/pace';
import { progressOutput } from '../../display/progress-output';
import { PaddleLabError } from '../../errors';
import { resolvePath } from '../../image/image';
import { abortSignal, type OptionChecks, readOptions, text } from '../../options';
import { checkString, throwIfAborted } from '../../validate';
import { pause } from '../queue/pause';
import { readQueueAddress } from '../queue/queue-address';
import { QueueClient } from '../queue/queue-client';
import { ProgressReader, type RunProgress } from './read-progress';

/** Options of `watchRun`. */
export interface WatchRunOptions {
  /** The queue of the run, `redis://host:port/db`, of which the workers are counted. */
  readonly queue?: string;
  /** Ends watching; the run goes on. In a notebook an interrupt does the same. */
  readonly signal?: AbortSignal;
}

const checks = { queue: text, signal: abortSignal } satisfies OptionChecks<WatchRunOptions>;

const lookMs = 500;

/**
 * Shows how far a run is that other processes work on, in the running cell or on the terminal, until it has ended: that of
 * `paddlelab infer … --queue` or `ocr … --queue`, or of the shards that share a folder.
 *
 * @param folder the run's `--output-dir`
 * @returns how far it was in the end
 * @throws PaddleLabError FILE_NOT_FOUND if the folder has no such run, QUEUE_FAILED, TOOL_FAILED, INVALID_ARGUMENT,
 * UNKNOWN_OPTION, ABORTED
 */
export async function watchRun(folder: string, options: WatchRunOptions = {}): Promise<RunProgress> {
  checkString('folder', folder);
  const { queue, signal = currentCellSignal() ?? new AbortController().signal } = readOptions(
    'watchRun',
    options,
    checks,
  );
  const address = queue === undefined ? undefined : readQueueAddress('queue', queue);
  const client = address && (await QueueClient.open(address, () => undefined, false, signal));
  const place = resolvePath(folder);
  try {
    return await follow(new ProgressReader([place]), place, { client, signal });
  } finally {
    await client?.close();
  }
}

interface Watching {
  readonly client: QueueClient | undefined;
  readonly signal: AbortSignal;
}

async function follow(reader: ProgressReader, folder: string, { client, signal }: Watching): Promise<RunProgress> {
  const output = progressOutput();
  const pace = new Pace();
  let last: RunProgress | undefined;
  let workers: number | undefined;
  for (;;) {
    const progress = endedOr(await reader.look(), last);
    if (progress.of === 'nothing') throw nothingToWatch(folder);
    const { images, done, parts, ended } = progress;
    if (ended === parts && (progress.of === 'shards' || last?.ended === parts)) {
      output.end(`${done} of ${images} images`);
      return progress;
    }
    last = progress;
    // A queue that is away answers when it is there again.
    client?.workers().then(
      (count) => {
        workers = count;
      },
      () => undefined,
    );
    const line = [`${done} of ${images} images`, ...pace.describe(done, images), who(progress, workers)].join(', ');
    output.show(line, () => ({ 'text/plain': line, 'text/html': barOf(progress, line) }));
    await pause(lookMs, signal);
    throwIfAborted(signal);
  }
}

/** The slices of a queue are gone when the run is joined. */
function endedOr(progress: RunProgress, last: RunProgress | undefined): RunProgress {
  if (progress.of !== 'nothing' || last === undefined) return progress;
  return { ...last, done: last.images, ended: last.parts };
}

function barOf({ images, done }: RunProgress, line: string): string {
  return `<div><progress max="${images}" value="${done}" style="width:20em"></progress> ${escapeHtml(line)}</div>`;
}

function who({ parts, ended, active }: RunProgress, workers: number | undefined): string {
  if (workers !== undefined) return `${workers} worker${workers === 1 ? '' : 's'}`;
  return `${ended} of ${parts} parts ended${active > 0 ? `, ${active} at work` : ''}`;
}

function nothingToWatch(folder: string): PaddleLabError {
  const text = `Found no run of shards or of a queue in ${path.resolve(folder)}; expected the --output-dir of one`;
  return new PaddleLabError('FILE_NOT_FOUND', text);
}
