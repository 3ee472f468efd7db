import type { Job, Queue, Worker } from 'bullmq';
import type { Redis, RedisOptions } from 'ioredis';
import { messageOf, PaddleLabError } from '../../errors';
import { loadQueuePackages, type QueuePackages } from './load-bullmq';
import { pause } from './pause';
import type { QueueAddress } from './queue-address';

/** The name of the queue: waiting slices are the list `bull:paddlelab:wait` of Redis. */
export const queueName = 'paddlelab';

/** Set of the workers, by when they were last heard of. */
const workersKey = 'paddlelab:workers';
/** Seconds without a heartbeat after which a worker no longer counts. */
const silence = 15;

/** How often a slice may stall, because its worker died or lost the queue, before it counts as failed. */
const mostStalls = 10;

/** A connection to the queue; it is made again whenever it breaks. */
export class QueueClient {
  /** Whether `close` was called. */
  isClosing = false;

  private constructor(
    readonly address: QueueAddress,
    private readonly packages: QueuePackages,
    readonly redis: Redis,
    readonly queue: Queue,
  ) {}

  /**
   * @param say prints a line when the connection is lost, and when it is there again
   * @param patient whether to wait for a queue that is not there yet
   * @throws PaddleLabError TOOL_FAILED if its packages are not installed; QUEUE_FAILED
   */
  static async open(
    address: QueueAddress,
    say: (line: string) => void,
    patient: boolean,
    signal: AbortSignal,
  ): Promise<QueueClient> {
    const packages = loadQueuePackages();
    await reach(packages, address, say, patient, signal);
    const redis = new packages.Redis(address.url, connectionOptions);
    const queue = new packages.bullmq.Queue(queueName, { connection: redis });
    queue.on('error', () => undefined);
    const client = new QueueClient(address, packages, redis, queue);
    client.tellOfBreaks(say);
    return client;
  }

  /** Starts to take slices. */
  work(name: string, concurrency: number, take: (job: Job) => Promise<unknown>, say: (line: string) => void): Worker {
    const { Worker: BullWorker } = this.packages.bullmq;
    const worker = new BullWorker(queueName, (job) => take(job), {
      connection: { url: this.address.url, ...connectionOptions },
      ...{ name, concurrency, maxStalledCount: mostStalls },
      // Two workers may process the same slice, so the lock of a dead worker can expire early.
      ...{ lockDuration: 15_000, stalledInterval: 5000, runRetryDelay: 1000 },
      removeOnComplete: { count: 0 },
    });
    worker.on('error', (error) => {
      // Lost connections are reported by the other connection; a lost lock means that another worker has the slice too.
      if (isBreak(error) || /lock|Missing key/i.test(error.message)) return;
      say(`note: the queue reports: ${error.message}`);
    });
    return worker;
  }

  /** Puts a slice back, as it was. */
  async giveBack(job: Job): Promise<never> {
    await job.moveToWait(job.token);
    throw new this.packages.bullmq.WaitingError();
  }

  /** Sends the heartbeat of a worker. */
  async beat(worker: string): Promise<void> {
    await this.redis.zadd(workersKey, await this.now(), worker);
  }

  async leave(worker: string): Promise<void> {
    await this.redis.zrem(workersKey, worker);
  }

  /** Number of workers that are there. */
  async workers(): Promise<number> {
    const now = await this.now();
    await this.redis.zremrangebyscore(workersKey, 0, now - 3600);
    return this.redis.zcount(workersKey, now - silence, '+inf');
  }

  /** By the clock of Redis, in seconds: those of machines differ. */
  private async now(): Promise<number> {
    return Number((await this.redis.time())[0]);
  }

  async close(): Promise<void> {
    this.isClosing = true;
    // What still waits for a queue that is not there ends with an error.
    this.redis.disconnect();
    await this.queue.close().catch(() => undefined);
  }

  private tellOfBreaks(say: (line: string) => void): void {
    const { shown } = this.address;
    let lost = false;
    this.redis.on('error', () => undefined);
    this.redis.on('close', () => {
      if (lost || this.isClosing) return;
      lost = true;
      say(`note: the connection to the queue at ${shown} is lost; trying again until it is there`);
    });
    this.redis.on('ready', () => {
      if (lost) say(`note: connected to the queue at ${shown} again`);
      lost = false;
    });
  }
}

const connectionOptions = {
  maxRetriesPerRequest: null,
  retryStrategy: (times: number) => Math.min(200 * times, 2000),
} satisfies RedisOptions;

/** Between attempts to reach a queue that is not there yet. */
const pauseMs = 2000;

async function reach(
  packages: QueuePackages,
  address: QueueAddress,
  say: (line: string) => void,
  patient: boolean,
  signal: AbortSignal,
): Promise<void> {
  for (let attempt = 1; !signal.aborted; attempt++) {
    const failure = await tryOnce(packages, address);
    if (failure === undefined) return;
    const text = `Can't use the queue at ${address.shown}: ${reasonOf(failure)}`;
    if (!patient || !isBreak(failure)) throw new PaddleLabError('QUEUE_FAILED', text, { cause: failure });
    if (attempt === 1) say(`note: ${text}; trying again until it is there`);
    await pause(pauseMs, signal);
  }
}

async function tryOnce({ Redis: Client }: QueuePackages, { url }: QueueAddress): Promise<Error | undefined> {
  const client = new Client(url, { lazyConnect: true, retryStrategy: () => null, connectTimeout: 10_000 });
  let failure: Error | undefined;
  client.on('error', (error: Error) => {
    failure ??= error;
  });
  try {
    await client.connect();
    await client.ping();
    return undefined;
  } catch (error) {
    return failure ?? (error as Error);
  } finally {
    client.disconnect();
  }
}

/** Whether an error is one of the connection, which may be there again later. */
function isBreak(error: Error): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return (
    code !== undefined || /^Connection is closed|^connect ETIMEDOUT|^LOADING|ECONN|Stream isn't/.test(error.message)
  );
}

function reasonOf(error: Error): string {
  return error.message === '' ? ((error as NodeJS.ErrnoException).code ?? 'no reason given') : messageOf(error);
}
