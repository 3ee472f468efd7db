import { cpus } from 'node:os';
import type { Predictor } from '../inference/predictor';
import type { Model } from '../model/model';

/** How long is looked at before another predictor is made, and again before the next. */
const windowMs = 400;
/** With so much of a core idle another run at once is worth its predictor. */
const idleCore = 0.5;

/**
 * Predictors of one model, side by side: each runs for one asker at a time. Another one is made when askers wait while
 * cores do not: where reading and drawing images takes them all, one is enough, and costs nothing to make.
 */
export class Lanes {
  private readonly free: Predictor[];
  /** Why one could not be made. */
  private failure: { readonly error: unknown } | undefined;
  private readonly waiting: ((predictor: Predictor) => void)[] = [];

  private readonly clones: Promise<Predictor>[] = [];
  /** When the window began, and how long all cores had been idle until then. */
  private since = performance.now();
  private idleBefore: number;

  private constructor(
    private readonly model: Pick<Model, 'predictor' | 'twin'>,
    private readonly most: number,
    private readonly idleMs: () => number,
  ) {
    this.free = [model.predictor];
    this.idleBefore = idleMs();
  }

  /**
   * Up to `most` lanes: the model's own predictor, and others that join it when they are wanted.
   *
   * @param idle for how long cores had nothing to do so far, in milliseconds, of all together
   */
  static open(model: Pick<Model, 'predictor' | 'twin'>, most: number, idle: () => number = idleMs): Lanes {
    return new Lanes(model, most, idle);
  }

  private join(): void {
    const coming = this.model.twin();
    this.clones.push(coming);
    coming.then(
      (predictor) => this.put(predictor),
      (error: unknown) => {
        this.failure ??= { error };
      },
    );
  }

  /** Runs when a predictor is free, in the order of asking. */
  async use<T>(work: (predictor: Predictor) => Promise<T>): Promise<T> {
    if (this.failure !== undefined) throw this.failure.error;
    const predictor = this.free.pop() ?? (await this.wait());
    try {
      return await work(predictor);
    } finally {
      this.put(predictor);
    }
  }

  private wait(): Promise<Predictor> {
    if (this.clones.length < this.most - 1 && this.coresIdle()) this.join();
    return new Promise<Predictor>((resolve) => this.waiting.push(resolve));
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

  private put(predictor: Predictor): void {
    const next = this.waiting.shift();
    if (next === undefined) this.free.push(predictor);
    else next(predictor);
  }

  /** Disposes the others; the model's own predictor is its owner's. */
  async close(): Promise<void> {
    for (const made of await Promise.allSettled(this.clones)) {
      if (made.status === 'fulfilled') await made.value.dispose();
    }
  }
}

/** Of all cores together, since the machine started. */
function idleMs(): number {
  return cpus().reduce((sum, { times }) => sum + times.idle, 0);
}
