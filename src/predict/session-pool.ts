import { cpus } from 'node:os';
import type { InferenceSession } from '../backends/session';

/** How long idle cores are watched before another session is opened, and again before the next. */
const windowMs = 400;
/** With so much of a core idle another session is worth its memory. */
const idleCore = 0.5;

/**
 * Sessions of one model that run at the same time, each for one caller. Another one is opened when callers wait while
 * cores are idle: where reading and drawing images takes all cores, one session is enough.
 */
export class SessionPool {
  private readonly free: InferenceSession[];
  /** Why one could not be made. */
  private failure: { readonly error: unknown } | undefined;
  private readonly waiting: ((session: InferenceSession) => void)[] = [];

  private readonly copies: Promise<InferenceSession>[] = [];
  /** When the window began, and how long all cores had been idle until then. */
  private since = performance.now();
  private idleBefore: number;

  private constructor(
    private readonly own: InferenceSession,
    private readonly most: number,
    private readonly idleMs: () => number,
  ) {
    this.free = [own];
    this.idleBefore = idleMs();
  }

  /**
   * Up to `most` sessions: the model's own, and copies that are opened when they are wanted.
   *
   * @param idle for how long cores had nothing to do so far, in milliseconds, of all together
   */
  static open(own: InferenceSession, most: number, idle: () => number = idleMs): SessionPool {
    return new SessionPool(own, most, idle);
  }

  private join(): void {
    const coming = this.own.copy();
    this.copies.push(coming);
    coming.then(
      (session) => this.put(session),
      (error: unknown) => {
        this.failure ??= { error };
      },
    );
  }

  /** Runs when a session is free, in the order of the calls. */
  async use<T>(work: (session: InferenceSession) => Promise<T>): Promise<T> {
    if (this.failure !== undefined) throw this.failure.error;
    const session = this.free.pop() ?? (await this.wait());
    try {
      return await work(session);
    } finally {
      this.put(session);
    }
  }

  private wait(): Promise<InferenceSession> {
    if (this.copies.length < this.most - 1 && this.coresIdle()) this.join();
    return new Promise<InferenceSession>((resolve) => this.waiting.push(resolve));
  }

  /** Whether cores had nothing to do in the window that is over; false while it lasts. */
  private coresIdle(): boolean {
    const milliseconds = performance.now() - this.since;
    if (milliseconds < windowMs) return false;
    const idle = this.idleMs();
    const share = (idle - this.idleBefore) / milliseconds;
    this.since = performance.now();
    this.idleBefore = idle;
    return share > idleCore;
  }

  private put(session: InferenceSession): void {
    const next = this.waiting.shift();
    if (next === undefined) this.free.push(session);
    else next(session);
  }

  /** Gives back the memory that free sessions took for the sizes of their inputs; those that run are left alone. */
  async releaseMemory(): Promise<void> {
    const idle = this.free.splice(0);
    await Promise.all(idle.map((session) => session.releaseMemory?.()));
    for (const session of idle) this.put(session);
  }

  /** Disposes the copies; the model disposes its own session. */
  async close(): Promise<void> {
    for (const made of await Promise.allSettled(this.copies)) {
      if (made.status === 'fulfilled') await made.value.dispose();
    }
  }
}

/** Of all cores together, since the machine started. */
function idleMs(): number {
  return cpus().reduce((sum, { times }) => sum + times.idle, 0);
}
