import type { ProgramFormat } from '../inference/model-files';
import type { ModelSpec } from '../spec/spec';
import type { InferenceSession } from './session';

/** What all backends take. */
export interface BackendBase {
  readonly kind?: string;
  /** How reports call it; by default what it is. */
  readonly name?: string;
  /** CPU threads; by default all that this process may use. */
  readonly threads?: number;
}

/** The network that a session is to run. */
export interface SessionModel {
  readonly program: string;
  /** The parameter file; the program's folder where each parameter has a file of its own. */
  readonly params: string;
  readonly format: ProgramFormat;
  /** The model's folder. */
  readonly directory: string;
  /** What is known of its images; absent where only tensors count. */
  readonly spec?: ModelSpec;
}

export interface OpenOptions {
  /** Whether what is new for this model and machine is tried in other processes first. */
  readonly trial: boolean;
  readonly signal?: AbortSignal;
}

/** One kind of backend: which options it takes, why it can't run, and how a session of it is opened. */
export interface BackendKind<O extends BackendBase = BackendBase> {
  readonly kind: string;
  /** The options that it takes beside `kind`, `name` and `threads`. */
  readonly optionKeys: readonly string[];
  /**
   * The compiled file that registers it: other processes, such as those of a comparison, load it. Needed for kinds that
   * are registered from outside of this package.
   */
  readonly module?: string;

  /**
   * Holds options against what they may be; unknown keys were refused before.
   *
   * @param name how the options are called in errors
   * @throws PaddleLabError INVALID_ARGUMENT
   */
  check?(name: string, options: O): void;

  /** Why it can't run this model here, as a sentence; undefined where nothing is known to be in the way. */
  whyUnavailable?(options: O, model: SessionModel): Promise<string | undefined>;

  /** @throws PaddleLabError */
  open(options: O, model: SessionModel, how: OpenOptions): Promise<InferenceSession>;
}
