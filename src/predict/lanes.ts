import type { Predictor } from '../inference/predictor';
import type { Model } from '../model/model';

/** Predictors of one model, side by side: each runs for one asker at a time. */
export class Lanes {
  private readonly free: Predictor[];
  /** Why one could not be made. */
  private failure: { readonly error: unknown } | undefined;
  private readonly waiting: ((predictor: Predictor) => void)[] = [];

  private readonly clones: Promise<Predictor>[] = [];

  private constructor(own: Predictor) {
    this.free = [own];
  }

  /** `count` lanes: the model's own predictor, and others that join it when they are made. */
  static open(model: Model, count: number): Lanes {
    const lanes = new Lanes(model.predictor);
    for (let i = 1; i < count; i++) lanes.join(model.twin());
    return lanes;
  }

  private join(coming: Promise<Predictor>): void {
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
    const predictor = this.free.pop() ?? (await new Promise<Predictor>((resolve) => this.waiting.push(resolve)));
    try {
      return await work(predictor);
    } finally {
      this.put(predictor);
    }
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
