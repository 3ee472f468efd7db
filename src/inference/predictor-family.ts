import { loadBinding, type NativePredictor } from '../native/binding';
import type { TemporaryFolder } from '../temporary-folder';
import type { RereadFiles } from './model-source';

/**
 * A predictor and its clones. Paddle 3 frees the weights that they share when it destroys any one of them, so that all
 * are destroyed together, after the last was disposed; those disposed before give their working memory back at once,
 * and serve as the next clones.
 */
export class PredictorFamily {
  /** All that exist natively; held here, because none may be collected alone. */
  private readonly natives: NativePredictor[];
  private readonly idle: NativePredictor[] = [];
  private live = 1;
  /** When the runs asked for so far are over. */
  private turn: Promise<void> = Promise.resolve();

  constructor(
    first: NativePredictor,
    private readonly reread: RereadFiles,
    /** Where the program lies, if it was made for Paddle. */
    private readonly folder: TemporaryFolder | undefined,
  ) {
    this.natives = [first];
  }

  /** A clone of a member; the caller has it to itself until `leave`. */
  async cloneOf(member: NativePredictor): Promise<NativePredictor> {
    this.live++;
    try {
      return this.idle.pop() ?? (await this.makeClone(member));
    } catch (error) {
      await this.countDown();
      throw error;
    }
  }

  /**
   * Runs of members with the OpenVINO engine one after another: its clones share one request, which refuses a second
   * run. Paddle 3.0 to 3.3.
   */
  async inTurn<T>(run: () => Promise<T>): Promise<T> {
    if (this.natives.length === 1) return run();
    const before = this.turn;
    const own = before.then(run);
    this.turn = own.then(
      () => undefined,
      () => undefined,
    );
    return own;
  }

  /** Ends a member's use, after what is queued on it. One with hooks can't serve again: hooks are for good. */
  async leave(member: NativePredictor, reusable: boolean): Promise<void> {
    if (this.live > 1) {
      // What can't be given back stays until the end.
      await member.tryShrinkMemory().catch(() => undefined);
      if (reusable) this.idle.push(member);
    }
    await this.countDown();
  }

  private async makeClone(member: NativePredictor): Promise<NativePredictor> {
    await this.reread.check();
    const native = new (loadBinding().Predictor)();
    try {
      await native.cloneFrom(member);
    } catch (error) {
      await native.dispose();
      throw error;
    }
    this.natives.push(native);
    return native;
  }

  private async countDown(): Promise<void> {
    if (--this.live > 0) return;
    await Promise.all(this.natives.map((native) => native.dispose()));
    await this.folder?.release();
  }
}
