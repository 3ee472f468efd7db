import type { Precision } from '../../inference/config';

/** What all external runtimes take. */
export interface ExternalBase {
  /** How the report calls it; by default what it is. */
  readonly name?: string;
  readonly precision?: Precision;
  /** CPU threads; by default those of the comparison. */
  readonly threads?: number;
}

/** What an external runtime is to run. */
export interface ExternalModel {
  readonly format: 'pdmodel' | 'json';
  readonly threads: number;
}

/**
 * A program that runs the model: requests come to its standard input as JSON, a line each, and it writes a line of JSON
 * for each to file descriptor 3. Tensors are files of raw elements, `{ name, dtype, shape, file }`.
 */
export interface ExternalCommand {
  readonly command: string;
  readonly args: readonly string[];
}

/** How an external runtime is started, or why it can't be. */
export type ExternalStart =
  | ({ readonly kind: 'start'; readonly request: object } & ExternalCommand)
  | { readonly kind: 'unavailable'; readonly reason: string };

/** One kind of external runtime. */
export interface ExternalKind<T> {
  /** The keys that it takes beside `kind` and `name`. */
  readonly keys: readonly string[];
  start(options: T, model: ExternalModel): ExternalStart;
}
