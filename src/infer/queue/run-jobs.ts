import type { Job } from 'bullmq';
import type { QueueClient } from './queue-client';
import { jobIdOf, type Slice, sliceOfJob } from './slice';

/** Jobs are added and removed by so many at once. */
const atOnce = 500;
/** Lifetime, in seconds, of the key that shows that a command follows the run. */
const awaitedSeconds = 30;
/** For messages of workers to the command that waits for a run. */
const messagesSeconds = 86_400;

const awaitedKey = (run: string): string => `paddlelab:run:${run}`;
const messagesKey = (run: string): string => `paddlelab:run:${run}:messages`;

/** A slice that no worker takes any more, and why. */
export interface FailedSlice {
  readonly slice: number;
  readonly reason: string;
}

/** The slices of one run in the queue. */
export class RunJobs {
  constructor(
    private readonly client: QueueClient,
    private readonly run: string,
  ) {}

  /** Puts slices in the queue that are not in it yet. */
  async add(slices: readonly Slice[]): Promise<void> {
    for (let start = 0; start < slices.length; start += atOnce) {
      await this.client.queue.addBulk(
        slices.slice(start, start + atOnce).map((data) => ({
          name: 'slice',
          data,
          opts: {
            jobId: jobIdOf(this.run, data.slice),
            // Errors of the program itself; what concerns an image or a worker does not end a slice.
            ...{ attempts: 3, backoff: { type: 'exponential', delay: 1000 } },
            removeOnComplete: true,
            // In seconds, for runs that no command follows any more.
            removeOnFail: { age: 7 * 86_400 },
          },
        })),
      );
    }
  }

  /** The slices that have failed as a whole. */
  async failed(): Promise<FailedSlice[]> {
    const failed = (await this.client.queue.getFailed()) as (Job | undefined)[];
    return failed.flatMap((job) => {
      const slice = sliceOfJob(this.run, job?.id);
      return slice === undefined ? [] : [{ slice, reason: job?.failedReason ?? 'no reason given' }];
    });
  }

  /** Takes slices out of the queue, except those that a worker has. */
  async remove(slices: readonly number[]): Promise<void> {
    for (let start = 0; start < slices.length; start += atOnce) {
      const ids = slices.slice(start, start + atOnce).map((slice) => jobIdOf(this.run, slice));
      await Promise.all(ids.map((id) => this.client.queue.remove(id).catch(() => 0)));
    }
  }

  /** Number of slices of all runs in the queue and with workers. */
  async count(): Promise<number> {
    const {
      waiting = 0,
      active = 0,
      delayed = 0,
    } = await this.client.queue.getJobCounts('waiting', 'active', 'delayed');
    return waiting + active + delayed;
  }

  /** Sets the key that shows that a command follows the run. */
  async await(): Promise<void> {
    await this.client.redis.set(awaitedKey(this.run), '1', 'EX', awaitedSeconds);
  }

  async isAwaited(): Promise<boolean> {
    return (await this.client.redis.exists(awaitedKey(this.run))) === 1;
  }

  /** A message of a worker to the command that waits for the run. */
  async tell(message: string): Promise<void> {
    await this.client.redis.rpush(messagesKey(this.run), message);
    await this.client.redis.expire(messagesKey(this.run), messagesSeconds);
  }

  /** The messages since the last call. */
  async messages(): Promise<string[]> {
    return (await this.client.redis.lpop(messagesKey(this.run), atOnce)) ?? [];
  }

  /** Leaves nothing of the run in the queue. */
  async end(): Promise<void> {
    await this.client.redis.del(awaitedKey(this.run), messagesKey(this.run));
  }
}
