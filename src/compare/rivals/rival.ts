import type { Precision } from '../../inference/config';
import type { Launch } from '../channel';
import type { ProgramFiles } from '../protocol';

/** What all rivals have. */
export interface RivalBase {
  /** How the report calls it; by default what it is. */
  readonly name?: string;
  readonly precision?: Precision;
  /** CPU threads; by default those of the comparison. */
  readonly threads?: number;
}

/** What a rival is to run. */
export interface RivalSubject {
  readonly files: ProgramFiles;
  readonly directory: string;
  readonly format: 'pdmodel' | 'json';
  readonly threads: number;
}

/** How a rival is started, or why it can't be. */
export type RivalStart =
  | { readonly kind: 'launch'; readonly launch: Launch; readonly request: object }
  | { readonly kind: 'unavailable'; readonly reason: string };

/** One kind of rival. */
export interface RivalKind<T> {
  /** The keys that it takes beside `kind` and `name`. */
  readonly keys: readonly string[];
  start(rival: T, subject: RivalSubject): RivalStart;
}
