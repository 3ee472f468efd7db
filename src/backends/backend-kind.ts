import type { ProgramFormat } from '../inference/model-files';
import type { ModelSpec } from '../spec/spec';
import type { InferenceSession } from './session';

/** Options of all backends. */
export interface BackendBase {
  readonly kind?: string;
  /** Name in reports; by default derived from the other options. */
  readonly name?: string;
  /** Number of CPU threads; by default all that this process may use. */
  readonly threads?: number;
}

/** The network for a session. */
export interface SessionModel {
  readonly program: string;
  /** The parameter file; the program's folder if each parameter is a separate file. */
  readonly params: string;
  readonly format: ProgramFormat;
  /** The model's folder. */
  readonly directory: string;
  /** The model's specification; absent if only raw tensors are used. */
  readonly spec?: ModelSpec;
}

/** What a backend gets when it opens a session. */
export interface OpenOptions {
  /** Whether settings that are new for this model and machine are tried in other processes first. */
  readonly trial: boolean;
  readonly signal?: AbortSignal;
  /** Shows the steps of a job that takes seconds, such as a trial; without it nothing is shown. */
  readonly showProgress?: ShowProgress;
}

/** Runs a job and shows what it reports. */
export type ShowProgress = <T>(name: string, job: (onProgress: (text: string) => void) => Promise<T>) => Promise<T>;

/** A kind of backend: its options, why it can't run, and how to open a session. */
export interface BackendKind<O extends BackendBase = BackendBase> {
  readonly kind: string;
  /** Its option names besides `kind`, `name` and `threads`. */
  readonly optionKeys: readonly string[];
  /**
   * The compiled file that registers it, so that other processes, such as those of a comparison, can load it. Required
   * for kinds registered outside this package.
   */
  readonly module?: string;

  /**
   * Checks the options' values; unknown keys were refused before.
   *
   * @param name the name of the options in error messages
   * @throws PaddleLabError INVALID_ARGUMENT
   */
  check?(name: string, options: O): void;

  /** Why it can't run this model here, as a sentence; undefined if no reason is known. */
  whyUnavailable?(options: O, model: SessionModel): Promise<string | undefined>;

  /** @throws PaddleLabError */
  open(options: O, model: SessionModel, how: OpenOptions): Promise<InferenceSession>;
}
