import { loadBinding } from '../native/binding';
import type { NativePredictor } from '../native/paddle-types';
import type { TemporaryFolder } from '../temporary-folder';
import type { RereadFiles } from './model-source';
import type { OpenvinoEngine } from './openvino-engines';

/**
 * A predictor and its clones. Paddle 3 frees their shared weights when it destroys any one of them, so all are
 * destroyed together, after the last was disposed. Those disposed earlier release their working memory at once, and are
 * reused as the next clones.
 */
export class PredictorFamily {
  /** All native predictors; kept here, because none may be garbage-collected alone. */
  private readonly natives: NativePredictor[];
  private readonly idle: NativePredictor[] = [];
  private undisposed = 1;
  /** Settles when all runs requested so far are over. */
  private turn: Promise<void> = Promise.resolve();

  constructor(
    first: NativePredictor,
    private readonly reread: RereadFiles,
    /** The folder of the program, if it was created for Paddle. */
    private readonly folder: TemporaryFolder | undefined,
    private readonly engine?: OpenvinoEngine,
  ) {
    this.natives = [first];
  }

  /** A clone of a member, for the caller's exclusive use until `leave`. */
  async cloneOf(member: NativePredictor): Promise<NativePredictor> {
    this.undisposed++;
    try {
      return this.idle.pop() ?? (await this.makeClone(member));
    } catch (error) {
      await this.countDown();
      throw error;
    }
  }

  /**
   * Serialises runs of members with the OpenVINO engine: its clones share one inference request, which refuses a
   * concurrent run. Paddle 3.0 to 3.3.
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

  /** Releases a member after its queued work. A member with hooks can't be reused: hooks can't be removed. */
  async leave(member: NativePredictor, reusable: boolean): Promise<void> {
    if (this.undisposed > 1) {
      // Memory that can't be released is kept until the end.
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
    if (--this.undisposed > 0) return;
    await Promise.all(this.natives.map((native) => native.dispose()));
    this.engine?.release();
    await this.folder?.release();
  }
}
