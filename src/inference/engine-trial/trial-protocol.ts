import type { PaddleLabErrorCode } from '../../errors';
import type { ConfigStep } from '../../native/binding';
import type { TensorData } from '../data-type';
import type { SampledTensor } from './agreement';

/** A tensor to try a model on, as the native side takes it. */
export interface TrialInput {
  readonly name: string;
  /** Paddle's number of the element type. */
  readonly type: number;
  readonly shape: readonly number[];
  readonly lod: readonly (readonly number[])[];
  readonly data: TensorData;
}

/** What the parent asks of a trial's process. */
export interface TrialRequest {
  /** Folder of the runtime. */
  readonly runtime: string;
  readonly steps: readonly ConfigStep[];
  /** What to run on once; undefined creates the predictor only. */
  readonly inputs: readonly TrialInput[] | undefined;
}

/** After a request was answered with `ready`: measure. */
export interface TimeRequest {
  readonly kind: 'time';
  readonly runs: number;
  /** Stops before `runs` once this much time was spent on them. */
  readonly maxMs: number;
}

/** What a trial's process answers. */
export type TrialReply =
  | { readonly kind: 'ready'; readonly outputs: readonly SampledTensor[] }
  | { readonly kind: 'timed'; readonly bestMs: number }
  | TrialFailure;

/** Paddle refused with an exception, as it should. */
export interface TrialFailure {
  readonly kind: 'failed';
  readonly stage: 'load' | 'create' | 'run';
  readonly code: PaddleLabErrorCode | undefined;
  readonly message: string;
}
