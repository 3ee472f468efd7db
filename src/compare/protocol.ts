import type { PaddleLabErrorCode } from '../errors';
import type { RgbImage } from '../image/image';
import type { LoadModelOptions } from '../model/load-model';
import type { Findings } from './agreement';

/** What the parent asks of a child process. */
export interface MeasureRequest {
  readonly directory: string;
  readonly options: Omit<LoadModelOptions, 'signal'>;
  readonly image: RgbImage;
  readonly threshold: number | undefined;
  readonly warmup: number;
  readonly runs: number;
  /** Stops before `runs` once this much time was spent on them, but never before three. */
  readonly maxSeconds: number;
}

/** What a child answers. */
export type MeasureReply =
  | {
      readonly kind: 'measured';
      /** Of each counted run, model only, in milliseconds. */
      readonly latenciesMs: readonly number[];
      /** Reading the folder, loading Paddle and creating the predictor. */
      readonly loadMs: number;
      readonly firstRunMs: number;
      readonly findings: Findings;
      readonly paddle: string;
    }
  | { readonly kind: 'error'; readonly code: PaddleLabErrorCode | undefined; readonly message: string };
