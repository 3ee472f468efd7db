import type { InferenceSession } from '../../backends/session';
import type { PaddleLabError } from '../../errors';
import type { RunInputs } from '../../inference/feeds';
import type { Tensor } from '../../inference/tensor';
import { abortError } from '../../validate';
import { notReady, ServiceError } from './refusals';

export interface QueueLimits {
  /** Most requests that wait for a session. */
  readonly queue: number;
  /** Most requests of one run; 1: each runs alone. */
  readonly maxBatch: number;
  /** How long a request waits for others that could share its run, in milliseconds. */
  readonly maxDelay: number;
}

/** How requests share a run. */
export interface Batching {
  /** Equal for requests that can share one; undefined for those that can't. */
  key(inputs: RunInputs): string | undefined;
  stack(requests: readonly RunInputs[]): RunInputs;
  /** An empty place is a request that has to run alone. */
  split(outputs: readonly Tensor[], requests: number): (Tensor[] | undefined)[];
}

export interface WaitOptions {
  readonly signal?: AbortSignal | undefined;
  /** When nobody waits for the result any more, as of `Date.now()`. */
  readonly deadline?: number | undefined;
}

interface Job {
  readonly inputs: RunInputs;
  readonly key: string | undefined;
  readonly since: number;
  readonly resolve: (outputs: Tensor[]) => void;
  readonly reject: (error: unknown) => void;
}

/** Requests that wait for a session of their model, in their order. */
export class RunQueue {
  private readonly free: InferenceSession[];
  private readonly waiting: Job[] = [];
  private delay: NodeJS.Timeout | undefined;
  private closed: string | undefined;
  private onIdle: (() => void) | undefined;
  /** Usual duration of a run, for the advice when to come again. */
  private usualMs = 10;

  constructor(
    private readonly sessions: readonly InferenceSession[],
    private readonly limits: QueueLimits,
    private readonly batching: Batching | undefined,
    private readonly ran: (requests: number, milliseconds: number) => void,
  ) {
    this.free = [...sessions];
  }

  /** Number of requests that wait. */
  get length(): number {
    return this.waiting.length;
  }

  /**
   * Runs as soon as a session is free. A request that is cancelled while it waits is not run.
   *
   * @throws PaddleLabError SERVER_BUSY, NOT_READY, TIMED_OUT, ABORTED, and those of a run
   */
  submit(inputs: RunInputs, { signal, deadline }: WaitOptions = {}): Promise<Tensor[]> {
    return new Promise((resolve, reject) => {
      if (this.closed !== undefined) throw notReady(this.closed);
      if (signal?.aborted) throw abortError(signal);
      const left = deadline === undefined ? undefined : deadline - Date.now();
      if (left !== undefined && left <= 0) throw timedOut();
      if (this.free.length === 0 && this.waiting.length >= this.limits.queue) throw this.busy();
      let timer: NodeJS.Timeout | undefined;
      const settle = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', onAbort);
      };
      const job: Job = {
        ...{ inputs, key: this.limits.maxBatch > 1 ? this.batching?.key(inputs) : undefined, since: performance.now() },
        resolve: (outputs) => {
          settle();
          resolve(outputs);
        },
        reject: (error) => {
          settle();
          reject(error);
        },
      };
      const cancel = (error: PaddleLabError): void => {
        const place = this.waiting.indexOf(job);
        if (place !== -1) this.waiting.splice(place, 1);
        job.reject(error);
        this.checkIdle();
      };
      const onAbort = (): void => cancel(abortError(signal));
      signal?.addEventListener('abort', onAbort, { once: true });
      // A longer time than a timer can have is no limit.
      if (left !== undefined && left < 2 ** 31) timer = setTimeout(() => cancel(timedOut()), left);
      this.waiting.push(job);
      this.start();
    });
  }

  private busy(): ServiceError {
    const seconds = Math.ceil((this.waiting.length * this.usualMs) / this.sessions.length / 1000);
    return new ServiceError(
      'SERVER_BUSY',
      `${this.waiting.length} requests for this model wait already, which is the limit (--queue); try again later`,
      Math.min(60, Math.max(1, seconds)),
    );
  }

  /** Starts what free sessions can run now. */
  private start(): void {
    while (this.free.length > 0) {
      const first = this.waiting[0];
      if (first === undefined) return;
      const jobs = this.together(first);
      const waited = performance.now() - first.since;
      // Timers count in whole milliseconds.
      const wait = Math.floor(this.limits.maxDelay - waited);
      if (first.key !== undefined && jobs.length < this.limits.maxBatch && wait > 0) {
        this.delay ??= setTimeout(() => {
          this.delay = undefined;
          this.start();
        }, wait);
        return;
      }
      clearTimeout(this.delay);
      this.delay = undefined;
      for (const job of jobs) this.waiting.splice(this.waiting.indexOf(job), 1);
      void this.run(this.free.pop() as InferenceSession, jobs);
    }
  }

  private together(first: Job): Job[] {
    if (first.key === undefined) return [first];
    return this.waiting.filter(({ key }) => key === first.key).slice(0, this.limits.maxBatch);
  }

  private async run(session: InferenceSession, jobs: readonly Job[]): Promise<void> {
    try {
      if (jobs.length > 1 && (await this.runTogether(session, jobs))) return;
      for (const job of jobs) await this.runAlone(session, job);
    } finally {
      this.free.push(session);
      this.checkIdle();
      this.start();
    }
  }

  private async runAlone(session: InferenceSession, job: Job): Promise<void> {
    await this.timed(1, () => session.run(job.inputs)).then(job.resolve, job.reject);
  }

  /** @returns false if the run failed: one of the requests may be why, so that each is tried alone */
  private async runTogether(session: InferenceSession, jobs: readonly Job[]): Promise<boolean> {
    const { batching } = this;
    if (batching === undefined) return false;
    let parts: (Tensor[] | undefined)[];
    try {
      const inputs = batching.stack(jobs.map((job) => job.inputs));
      const outputs = await this.timed(jobs.length, () => session.run(inputs));
      parts = batching.split(outputs, jobs.length);
    } catch {
      return false;
    }
    for (const [i, job] of jobs.entries()) {
      const part = parts[i];
      if (part === undefined) await this.runAlone(session, job);
      else job.resolve(part);
    }
    return true;
  }

  private async timed<T>(requests: number, work: () => Promise<T>): Promise<T> {
    const started = performance.now();
    const result = await work();
    const milliseconds = performance.now() - started;
    this.usualMs += (milliseconds - this.usualMs) / 8;
    this.ran(requests, milliseconds);
    return result;
  }

  private checkIdle(): void {
    if (this.waiting.length === 0 && this.free.length === this.sessions.length) this.onIdle?.();
  }

  /** Refuses new requests, and waits until those that were taken are done. */
  async close(reason: string): Promise<void> {
    this.closed ??= reason;
    if (this.waiting.length === 0 && this.free.length === this.sessions.length) return;
    await new Promise<void>((resolve) => {
      this.onIdle = resolve;
    });
  }
}

function timedOut(): ServiceError {
  return new ServiceError('TIMED_OUT', 'The time of this request is over; try again later, or raise --timeout', 1);
}
