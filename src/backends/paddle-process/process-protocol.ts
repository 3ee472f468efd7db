import type { PaddleLabErrorCode } from '../../errors';
import type { RunInputs } from '../../inference/feeds';
import type { DeclaredInput } from '../../inference/program-ports';
import type { Tensor } from '../../inference/tensor';
import type { TimeRunsOptions } from '../../inference/timed-runs';
import type { SessionModel } from '../backend-kind';
import type { PaddleOptions } from '../paddle/paddle';
import type { PaddleInfo } from '../paddle/session';

/** A session's request to its process. */
export type ProcessRequest =
  | { readonly kind: 'open'; readonly options: PaddleOptions; readonly model: Omit<SessionModel, 'spec'> }
  | { readonly kind: 'run'; readonly inputs: RunInputs }
  | { readonly kind: 'time'; readonly inputs: readonly RunInputs[]; readonly options: TimeRunsOptions };

/** The process's reply. */
export type ProcessReply =
  | {
      readonly kind: 'opened';
      readonly info: PaddleInfo;
      readonly inputs: readonly DeclaredInput[];
      readonly outputNames: readonly string[];
    }
  | { readonly kind: 'ran'; readonly outputs: readonly Tensor[] }
  | { readonly kind: 'timed'; readonly milliseconds: readonly number[] }
  | { readonly kind: 'error'; readonly code: PaddleLabErrorCode; readonly message: string };
