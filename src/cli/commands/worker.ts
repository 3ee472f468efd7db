import type { Command } from 'commander';
import { resolvePath } from '../../image/image';
import { readQueueAddress } from '../../infer/queue/queue-address';
import { checkInteger } from '../../validate';
import { readWhole } from '../read-number';
import { runWorker } from '../worker/run-worker';

interface Flags {
  readonly queue: string;
  readonly root: string;
  readonly models?: string;
  readonly concurrency?: number;
  readonly cpuThreads?: number;
}

/** Adds `paddlelab worker`: works on what `paddlelab infer --queue` puts in a queue. */
export function registerWorker(program: Command): void {
  program
    .command('worker')
    .description('process images of `paddlelab infer … --queue` and `ocr … --queue`')
    .requiredOption('--queue <url>', 'the queue: redis://host:port/db')
    .option('--root <folder>', 'the folder with images and results that all machines share', '.')
    .option('--models <folder>', 'a folder with the models of this machine, by the names of their folders')
    .option('--concurrency <n>', 'predictions at once; by default one for each thread', readWhole)
    .option('--cpu-threads <n>', 'threads of all predictions together; by default the number of cores', readWhole)
    .action(async (flags: Flags) => {
      const { queue, root, models, concurrency, cpuThreads } = flags;
      process.exitCode = await runWorker({
        address: readQueueAddress('--queue', queue),
        root: resolvePath(root),
        models: models === undefined ? undefined : resolvePath(models),
        concurrency: concurrency === undefined ? undefined : checkInteger('concurrency', concurrency, 1),
        threads: cpuThreads === undefined ? undefined : checkInteger('cpu-threads', cpuThreads, 1),
      });
    })
    .addHelpText('after', () => help);
}

const help = `
A worker takes a few images at a time from any number of
runs. Images, model and results are below --root, which is the same folder on
all machines, such as of a network file system; it may be mounted elsewhere.
Queues need BullMQ and its client of Redis: npm install bullmq ioredis.

SIGTERM and Ctrl-C end a worker: the images under way are finished, the others
returned to the queue.

Examples:
  paddlelab worker --queue redis://queue:6379 --root /mnt/shared
  paddlelab worker --queue redis://queue:6379 --models /models --concurrency 4

Exit codes: 0 ended by a signal, 1 can't work on a run, 2 usage error.`;
