import type { SessionBackend } from '../backends/named-backends';
import type { PipelineBackend } from '../backends/pipeline-backend';
import type { Traffic } from '../backends/session';
import type { PaddleLabErrorCode } from '../errors';
import type { RgbImage } from '../image/image';
import type { DataType, TensorData } from '../inference/data-type';
import type { ProgramFormat } from '../inference/model-files';
import type { PredictResult, Task } from '../results';

/** A tensor sent to or from a measuring process. */
export interface TensorMessage {
  readonly name: string;
  readonly dtype: DataType;
  readonly shape: readonly number[];
  readonly data: TensorData;
}

/** The tensors of one run. */
export type Feed = readonly TensorMessage[];

/** A program and its parameters. */
export interface ProgramFiles {
  readonly program: string;
  readonly params: string;
}

/** Loads a model and runs it once on each of the images. */
export interface OpenRequest extends ProgramFiles {
  readonly kind: 'open';
  /** Inputs of single images, then those of the larger batches. */
  readonly feeds: readonly Feed[];
  /** Number of feeds that are single images; their outputs are returned. */
  readonly images: number;
  /** Number of concurrent sessions. */
  readonly clones: number;
  /** The backend, if it is a session of this library. */
  readonly backend?: SessionBackend;
  /** The pipeline, if it is one; images are sent, not feeds. */
  readonly pipeline?: PipelineBackend;
  readonly format: ProgramFormat;
  /** The model's folder. */
  readonly directory: string;
  /** Modules to load first, which register kinds of backends. */
  readonly modules?: readonly string[];
  /** If set, preprocessing and postprocessing of these pixels are measured as well. */
  readonly endToEnd?: {
    readonly directory: string;
    readonly config: string | object | undefined;
    readonly task: Exclude<Task, 'custom'>;
    readonly pixels: readonly RgbImage[];
    readonly threshold: number | undefined;
  };
  /** Additional settings of an external runtime. */
  readonly external?: object;
}

/** Measures for one turn. */
export interface TurnRequest {
  readonly kind: 'turn';
  /** Indexes of the feeds to run, interleaved. */
  readonly feeds: readonly number[];
  /** Number of runs that are not counted. */
  readonly warmup: number;
  readonly runs: number;
  /** No new run starts after this time, except that at least one is counted. */
  readonly maxMs: number;
}

/** Times of the stages, one number per run. */
export interface StageTimes {
  readonly preprocessMs: readonly number[];
  readonly inferenceMs: readonly number[];
  readonly postprocessMs: readonly number[];
}

/** A reply of a measuring process. */
export type Reply =
  | {
      readonly kind: 'opened';
      /** The time for loading the library and the model. */
      readonly loadMs: number;
      readonly firstRunMs: number;
      /** For each image. */
      readonly outputs: readonly Feed[];
      /** For each image, of a pipeline, which has no outputs. */
      readonly results?: readonly PredictResult[];
      /** For example `Paddle 3.3.1`. */
      readonly library: string;
    }
  | {
      readonly kind: 'turned';
      readonly latenciesMs: readonly number[];
      /** From the start of the first counted run to the end of the last. */
      readonly wallMs: number;
      readonly stages?: StageTimes;
      /** Bytes per run, on average. */
      readonly traffic?: Traffic;
    }
  | { readonly kind: 'error'; readonly code: PaddleLabErrorCode | undefined; readonly message: string };
