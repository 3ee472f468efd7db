import { type InferQueuedOptions, inferQueued, sharedPaths } from '../../infer/queue/infer-queued';
import { QueueClient } from '../../infer/queue/queue-client';
import { mergeShards } from '../../infer/shards/merge-shards';
import { modelsDigest } from '../../infer/shards/models-digest';
import type { ModelSpec } from '../../spec/spec';
import type { SharedBar } from '../infer/console/shared-bar';
import { exitCodeOf, followEvents, reportRenamed } from '../infer/follow-events';
import type { QueueRequest } from '../infer/read-queue';
import type { ImageJob, Progress } from '../infer/run-images';
import { tell } from '../print';

/** The queue of a run over images. */
export interface JobQueue extends QueueRequest {
  /** What workers do, as plain data. */
  readonly task: object;
  /** Number of images that are predicted together. */
  readonly size: number;
  readonly specs: readonly ModelSpec[];
  /** Undefined: progress is not shown. */
  readonly bar: SharedBar | undefined;
}

/** Puts the images in the queue for workers, and joins their results; returns the exit code. */
export async function runQueued(
  job: ImageJob,
  queue: JobQueue,
  signal: AbortSignal,
  progress: Progress,
): Promise<number> {
  const { folder, writers, summaries, threshold, existing, settings, images, output } = job;
  // Before anything is begun.
  sharedPaths(images, { folder, root: queue.root });
  const head = { size: queue.size, models: await modelsDigest(queue.specs, signal), threshold };
  let print: (line: string) => void = tell;
  const say = (line: string): void => print(line);
  let hinted = false;
  const client = await QueueClient.open(queue.address, say, false, signal);
  try {
    const options: InferQueuedOptions = {
      ...{ folder, writers, threshold, existing, settings, head, client, say, signal },
      ...{ root: queue.root, task: queue.task, taken: summaries.flatMap(({ files }) => files) },
      report: ({ images: all, done, workers }) => {
        if (workers === undefined) return;
        queue.bar?.report({ images: all, done, who: workersText(workers) });
        if (workers > 0 || done === all || hinted) return;
        hinted = true;
        say(
          `note: no worker is there; start some: paddlelab worker --queue ${queue.address.shown} --root ${queue.root}`,
        );
      },
    };
    const run = await inferQueued(images, options);
    progress.reached = () => ({ images: images.length, done: run.done() });
    reportRenamed(run.renamed);
    try {
      output.begin(`${job.description}, by the workers of ${queue.address.shown}`, images.length);
      print = queue.bar?.print ?? tell;
      const totals = await followEvents(run.events, output, images.length, threshold);
      const collected = await run.collect();
      const files = await mergeShards(collected, { folder, overwrite: true, signal, onImage: () => undefined });
      await run.end();
      output.end(totals, files);
      return exitCodeOf(totals);
    } catch (error) {
      await run.withdraw();
      throw error;
    } finally {
      print = tell;
      output.close();
    }
  } finally {
    await client.close();
  }
}

function workersText(workers: number): string {
  return workers === 0 ? 'no worker' : `${workers} worker${workers === 1 ? '' : 's'}`;
}
