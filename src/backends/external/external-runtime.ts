import type { Precision } from '../../inference/config';
import type { Engine } from '../../inference/engine';

/** Options of all external runtimes. */
export interface ExternalBase {
  /** Name in the report; by default derived from the other options. */
  readonly name?: string;
  readonly precision?: Precision;
  /** Number of CPU threads; by default that of the comparison. */
  readonly threads?: number;
}

/** The model and inputs for an external runtime. */
export interface ExternalModel {
  readonly format: 'pdmodel' | 'json';
  readonly threads: number;
}

/**
 * A program that runs the model. It reads requests as JSON lines from standard input, and writes a JSON line for each
 * to file descriptor 3. Tensors are files of raw elements, `{ name, dtype, shape, file }`.
 */
export interface ExternalCommand {
  readonly command: string;
  readonly args: readonly string[];
}

/** The start command of an external runtime, or the reason why it can't run. */
export type ExternalStart =
  | ({ readonly kind: 'start'; readonly request: object } & ExternalCommand)
  | { readonly kind: 'unavailable'; readonly reason: string };

/** One kind of external runtime. */
export interface ExternalKind<T> {
  /** Its option names besides `kind` and `name`. */
  readonly keys: readonly string[];
  /** Paddle's engine that has the same precisions on a CPU; absent if they are not known. */
  engine?(options: T): Engine;
  start(options: T, model: ExternalModel): ExternalStart;
}
