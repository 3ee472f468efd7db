import type { PaddleLabErrorCode } from '../../errors';
import type { ConfigStep } from '../../native/paddle-types';
import type { TensorData } from '../data-type';
import type { SampledTensor } from './agreement';

/** A tensor for trying a model, in the form of the native side. */
export interface TrialInput {
  readonly name: string;
  /** Paddle's number of the element type. */
  readonly type: number;
  readonly shape: readonly number[];
  readonly lod: readonly (readonly number[])[];
  readonly data: TensorData;
}

/** The parent's request to the trial process. */
export interface TrialRequest {
  /** Folder of the runtime. */
  readonly runtime: string;
  readonly steps: readonly ConfigStep[];
  /** Inputs for one run; if undefined, only the predictor is created. */
  readonly inputs: readonly TrialInput[] | undefined;
}

/** After a `ready` reply: measure. */
export interface TimeRequest {
  readonly kind: 'time';
  readonly runs: number;
  /** Time limit after which it stops before `runs`. */
  readonly maxMs: number;
}

/** The replies of the trial process. */
export type TrialReply =
  | { readonly kind: 'ready'; readonly outputs: readonly SampledTensor[] }
  | { readonly kind: 'timed'; readonly bestMs: number }
  | TrialFailure;

/** Paddle refused with an exception, without crashing. */
export interface TrialFailure {
  readonly kind: 'failed';
  readonly stage: 'load' | 'create' | 'run';
  readonly code: PaddleLabErrorCode | undefined;
  readonly message: string;
}
