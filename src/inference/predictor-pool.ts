import { checkInteger, invalidArgument } from '../validate';
import type { Config } from './config';
import { type CreatePredictorOptions, createPredictor } from './create-predictor';
import type { Predictor } from './predictor';

/**
 * Predictors that share their weights and run concurrently, each on its own native thread.
 *
 * @example
 * const pool = await paddle.PredictorPool.create(config, 4);
 * const results = await Promise.all(inputs.map((input, i) => pool.retrieve(i % pool.size).run(input)));
 * await pool.dispose();
 */
export class PredictorPool {
  private constructor(private readonly members: readonly Predictor[]) {}

  /**
   * Creates one predictor and clones it.
   *
   * @throws PaddleLabError as `createPredictor`
   */
  static async create(config: Config, size = 1, options: CreatePredictorOptions = {}): Promise<PredictorPool> {
    checkInteger('size', size, 1);
    const first = await createPredictor(config, options);
    const members = [first];
    try {
      while (members.length < size) members.push(await first.clone());
    } catch (error) {
      await Promise.all(members.map((member) => member.dispose()));
      throw error;
    }
    return new PredictorPool(members);
  }

  get size(): number {
    return this.members.length;
  }

  /**
   * The member with this index, from 0.
   *
   * @throws PaddleLabError INVALID_ARGUMENT
   */
  retrieve(index: number): Predictor {
    const member = this.members[checkInteger('index', index, 0)];
    if (member === undefined) throw invalidArgument('index', `integer from 0 to ${this.size - 1}`, index);
    return member;
  }

  /** Disposes all members. */
  async dispose(): Promise<void> {
    await Promise.all(this.members.map((member) => member.dispose()));
  }

  /** `dispose`, at the end of a block with `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.dispose();
  }
}
