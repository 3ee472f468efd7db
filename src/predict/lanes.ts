import type { Predictor } from '../inference/predictor';
import type { Model } from '../model/model';

/** Predictors of one model, side by side: each runs for one asker at a time. */
export class Lanes {
  private readonly free: Predictor[];
  private readonly waiting: ((predictor: Predictor) => void)[] = [];

  private constructor(
    own: Predictor,
    private readonly clones: readonly Predictor[],
  ) {
    this.free = [own, ...clones];
  }

  /** `count` lanes: the model's own predictor and others beside it. */
  static async open(model: Model, count: number): Promise<Lanes> {
    const made = await Promise.allSettled(Array.from({ length: count - 1 }, () => model.twin()));
    const clones = made.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    const failed = made.find((one) => one.status === 'rejected');
    if (failed === undefined) return new Lanes(model.predictor, clones);
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

  /** Disposes the others; the model's own predictor is its owner's. */
  async close(): Promise<void> {
    await Promise.all(this.clones.map((clone) => clone.dispose()));
  }
}
