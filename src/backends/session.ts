import type { Engine, EngineSettings } from '../inference/engine';
import type { EngineTrialRow } from '../inference/engine-trial/trial-rows';
import type { RunInputs } from '../inference/feeds';
import type { Predictor, RunOptions } from '../inference/predictor';
import type { DeclaredInput } from '../inference/program-ports';
import type { Tensor } from '../inference/tensor';
import type { TimeRunsOptions } from '../inference/timed-runs';

/** What a session actually runs on. */
export interface SessionInfo extends Omit<EngineSettings, 'engine' | 'device' | 'threads'> {
  /** `remote` on a server, which has devices of its own. */
  readonly device: EngineSettings['device'] | 'remote';
  /** Number of CPU threads of this process; 0 on a server. */
  readonly threads: number;
  /** The kind of backend, such as `paddle`. */
  readonly backend: string;
  /** The library, such as `Paddle 3.3.1`. */
  readonly library: string;
  /** Paddle's engine; absent for other libraries. */
  readonly engine?: Engine;
  /** Paddle's version; absent for other libraries. */
  readonly paddle?: string;
  /** Folder of the Paddle runtime; absent for other libraries. */
  readonly runtime?: string;
  /** Why this engine: it was requested, is the default, or won a trial (with the times of all). */
  readonly engineReason?: string;
  /**
   * Number of operators that the program lost because engine `onednn` got it with multiplications and additions of
   * scalars folded into convolutions; absent if there were none.
   */
  readonly foldedOperators?: number;
  /** The result of each engine, if a trial decided; `reason` explains in full why one was rejected. */
  readonly engineTrial?: readonly EngineTrialRow[];
}

/** Bytes of requests and answers. */
export interface Traffic {
  readonly sentBytes: number;
  readonly receivedBytes: number;
}

/**
 * Runs tensors: a network that is loaded and ready, in this process or elsewhere. `loadModel`, `predict`,
 * `predictStream` and `compareBackends` use a network only through this interface.
 */
export interface InferenceSession {
  readonly info: SessionInfo;
  /** The declared inputs, in the network's order; −1 is a dynamic dimension. */
  readonly inputs: readonly DeclaredInput[];
  /** Names of the outputs, in the network's order. */
  readonly outputNames: readonly string[];

  /** Paddle's native predictor in this process; absent for all other backends. */
  readonly predictor?: Predictor;

  /**
   * Bytes of the runs so far, with those of its copies; what a protocol adds in headers is not counted. Absent if no tensors
   * leave this machine.
   */
  readonly traffic?: Traffic;

  /**
   * Runs the network once; the outputs come in the order of `outputNames`. Input arrays must not be changed until the
   * promise settles.
   *
   * @throws PaddleLabError INVALID_ARGUMENT, DISPOSED, ABORTED, PREDICTOR_RUN_FAILED, REMOTE_FAILED
   */
  run(inputs: RunInputs, options?: RunOptions): Promise<Tensor[]>;

  /** Another session of the same network that can run concurrently; the caller disposes it. */
  copy(): Promise<InferenceSession>;

  /** Frees the network after its pending runs; further calls do nothing. */
  dispose(): Promise<void>;

  /** Milliseconds of consecutive runs; if absent, awaited calls of `run` are timed. */
  timeRuns?(inputs: readonly RunInputs[], options: TimeRunsOptions): Promise<number[]>;

  /**
   * Frees the arrays of outputs that nothing else reads, instead of leaving that to the garbage collector, for which large
   * arrays are much work; absent if they aren't the session's to free.
   */
  freeOutputs?(outputs: readonly Tensor[]): void;

  /**
   * Gives back the memory of intermediate tensors, which otherwise stays as large as the largest input needed; the next
   * run takes it again. Absent if the session keeps none.
   */
  releaseMemory?(): Promise<void>;

  /** Marks the arrays of the last run as reusable; absent if the session keeps no arrays. */
  releaseInputs?(): void;
}
