import type { Predictor } from '../inference/predictor';

/** Predictors on the same weights that take turns: each runs for one asker at a time. */
export class Lanes {
  private readonly free: Predictor[];
  private readonly waiting: ((predictor: Predictor) => void)[] = [];

  private constructor(
    private readonly own: Predictor,
    private readonly clones: readonly Predictor[],
  ) {
    this.free = [own, ...clones];
  }

  /** `count` lanes: the predictor itself and clones of it. */
  static async open(predictor: Predictor, count: number): Promise<Lanes> {
    const made = await Promise.allSettled(Array.from({ length: count - 1 }, () => predictor.clone()));
    const clones = made.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    const failed = made.find((one) => one.status === 'rejected');
    if (failed === undefined) return new Lanes(predictor, clones);
    await Promise.all(clones.map((clone) => clone.dispose()));
    throw failed.reason;
  }

  /** Runs when a predictor is free, in the order of asking. */
  async use<T>(work: (predictor: Predictor) => Promise<T>): Promise<T> {
    const predictor = this.free.pop() ?? (await new Promise<Predictor>((resolve) => this.waiting.push(resolve)));
    try {
      return await work(predictor);
    } finally {
      const next = this.waiting.shift();
      if (next === undefined) this.free.push(predictor);
      else next(predictor);
    }
  }

  get count(): number {
    return 1 + this.clones.length;
  }

  /** The names of the inputs, and what they are: the same in every lane. */
  get ports(): Predictor {
    return this.own;
  }

  /** Disposes the clones; the predictor itself is its owner's. */
  async close(): Promise<void> {
    await Promise.all(this.clones.map((clone) => clone.dispose()));
  }
}
