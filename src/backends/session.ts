import type { Engine, EngineSettings } from '../inference/engine';
import type { EngineTrialRow } from '../inference/engine-trial/trial-rows';
import type { RunInputs } from '../inference/feeds';
import type { RunOptions } from '../inference/predictor';
import type { DeclaredInput } from '../inference/program-ports';
import type { Tensor } from '../inference/tensor';
import type { TimeRunsOptions } from '../inference/timed-runs';

/** What a session really runs on. */
export interface SessionInfo extends Omit<EngineSettings, 'engine'> {
  /** The kind of backend, such as `paddle`. */
  readonly backend: string;
  /** What computes, such as `Paddle 3.3.1`. */
  readonly library: string;
  /** Paddle's engine; absent for another library. */
  readonly engine?: Engine;
  /** Version of Paddle; absent for another library. */
  readonly paddle?: string;
  /** Folder of Paddle's runtime; absent for another library. */
  readonly runtime?: string;
  /** Why this engine: it was asked for, is the default, or won a trial (with the times of all). */
  readonly engineReason?: string;
  /** How each engine did, where a trial decided; `reason` tells in full why one was out of the question. */
  readonly engineTrial?: readonly EngineTrialRow[];
}

/**
 * What runs tensors: a network that is loaded and ready, wherever it is. `loadModel`, `predict`, `predictStream` and
 * `compareBackends` know a network by this only.
 */
export interface InferenceSession {
  readonly info: SessionInfo;
  /** Inputs that the network declares, in its order; −1 marks a dynamic extent. */
  readonly inputs: readonly DeclaredInput[];
  /** Names of the outputs, in the network's order. */
  readonly outputNames: readonly string[];

  /**
   * Runs the network once; the outputs come in the order of `outputNames`. Input arrays must not be changed until the
   * promise settles.
   *
   * @throws PaddleLabError INVALID_ARGUMENT, DISPOSED, ABORTED, PREDICTOR_RUN_FAILED
   */
  run(inputs: RunInputs, options?: RunOptions): Promise<Tensor[]>;

  /** Another session of the same network that runs at the same time as this one; its owner disposes it. */
  copy(): Promise<InferenceSession>;

  /** Frees the network once the runs before are done; more calls do nothing. */
  dispose(): Promise<void>;

  /** Milliseconds of runs one right after the other; where it is absent, awaited calls of `run` are timed. */
  timeRuns?(inputs: readonly RunInputs[], options: TimeRunsOptions): Promise<number[]>;

  /** The arrays of the last run serve something else from now on; where it is absent, sessions keep no arrays. */
  releaseInputs?(): void;
}
