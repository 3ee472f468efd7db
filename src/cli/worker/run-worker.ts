import os from 'node:os';
import { PaddleLabError } from '../../errors';
import type { QueueAddress } from '../../infer/queue/queue-address';
import { QueueClient } from '../../infer/queue/queue-client';
import type { QueueRun } from '../../infer/queue/run-file';
import { serveSlices } from '../../infer/queue/serve-slices';
import { tell } from '../print';
import { openTask } from '../queue/open-task';

/** A command line of `paddlelab worker`, checked. */
export interface WorkerRequest {
  readonly address: QueueAddress;
  /** The folder that all machines share, as a full path. */
  readonly root: string;
  /** The folder of this machine's models. */
  readonly models: string | undefined;
  /** Predictions at once; undefined: the number of cores. */
  readonly concurrency: number | undefined;
  /** Threads of all predictions together; undefined: the number of cores. */
  readonly threads: number | undefined;
}

/** After the work is done, for connections that can't be closed because the queue is away. */
const lastMs = 3000;

/** Runs a command line of `paddlelab worker` until a signal ends it; returns the exit code. */
export async function runWorker(request: WorkerRequest): Promise<number> {
  const { address, root, models } = request;
  const { parallel, threads } = widthOf(request);
  const stop = new AbortController();
  const end = (): void => {
    // The second time: at once.
    if (stop.signal.aborted) process.exit(130);
    tell('Ending: the images under way are finished, the others left to other workers.');
    stop.abort();
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const name of signals) process.on(name, end);
  const name = `${os.hostname()}:${process.pid}`;
  let client: QueueClient | undefined;
  try {
    client = await QueueClient.open(address, tell, true, stop.signal);
    if (stop.signal.aborted) return 0;
    tell(
      `worker ${name} of ${address.shown}: ${parallel} at once, ${threads} thread${threads === 1 ? '' : 's'} each, root ${root}`,
    );
    const open = (run: QueueRun) => openTask(run, { root, models, parallel, threads, stop: stop.signal }, tell);
    const options = { client, root, name, parallel, ahead: Math.min(4, os.availableParallelism()), open };
    const { slices, images, failed } = await serveSlices({ ...options, say: tell, stop: stop.signal });
    tell(`worker ${name} ends: ${slices} slices, ${images} images, ${failed} failed`);
    return 0;
  } catch (error) {
    if (stop.signal.aborted && error instanceof PaddleLabError && error.code === 'ABORTED') return 0;
    throw error;
  } finally {
    await client?.close();
    for (const signal of signals) process.off(signal, end);
    if (client !== undefined) setTimeout(() => process.exit(), lastMs).unref();
  }
}

/** Single-threaded predictions have the highest throughput. */
function widthOf({ concurrency, threads }: WorkerRequest): { readonly parallel: number; readonly threads: number } {
  const all = threads ?? os.availableParallelism();
  const parallel = concurrency ?? all;
  return { parallel, threads: Math.max(1, Math.floor(all / parallel)) };
}
