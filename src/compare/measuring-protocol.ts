import type { SessionBackend } from '../backends/named-backends';
import type { PaddleLabErrorCode } from '../errors';
import type { RgbImage } from '../image/image';
import type { DataType, TensorData } from '../inference/data-type';
import type { ProgramFormat } from '../inference/model-files';
import type { Task } from '../results';

/** A tensor on its way to or from a process that measures. */
export interface TensorMessage {
  readonly name: string;
  readonly dtype: DataType;
  readonly shape: readonly number[];
  readonly data: TensorData;
}

/** The tensors of one run. */
export type Feed = readonly TensorMessage[];

/** A program with its parameters. */
export interface ProgramFiles {
  readonly program: string;
  readonly params: string;
}

/** Loads a model and runs it once on each of the images. */
export interface OpenRequest extends ProgramFiles {
  readonly kind: 'open';
  /** Inputs of one image each, then those of the larger batches. */
  readonly feeds: readonly Feed[];
  /** So many of them are the images; their outputs are wanted. */
  readonly images: number;
  /** How many sessions run at once. */
  readonly clones: number;
  /** What runs the model, where that is a session of this library. */
  readonly backend?: SessionBackend;
  readonly format: ProgramFormat;
  /** The model's folder. */
  readonly directory: string;
  /** Files to load first, which register kinds of backends. */
  readonly modules?: readonly string[];
  /** Has preprocessing and postprocessing measured as well, from these pixels. */
  readonly endToEnd?: {
    readonly directory: string;
    readonly config: string | object | undefined;
    readonly task: Exclude<Task, 'custom'>;
    readonly pixels: readonly RgbImage[];
    readonly threshold: number | undefined;
  };
  /** What an external runtime needs beside that. */
  readonly external?: object;
}

/** Measures for a while. */
export interface TurnRequest {
  readonly kind: 'turn';
  /** The feeds of the runs, interleaved. */
  readonly feeds: readonly number[];
  /** Runs that are not counted. */
  readonly warmup: number;
  readonly runs: number;
  /** No new run begins after this time, though one is always counted. */
  readonly maxMs: number;
}

/** Times of the stages, a number each run. */
export interface StageTimes {
  readonly preprocessMs: readonly number[];
  readonly inferenceMs: readonly number[];
  readonly postprocessMs: readonly number[];
}

/** What a process that measures answers. */
export type Reply =
  | {
      readonly kind: 'opened';
      /** Loading the library and the model. */
      readonly loadMs: number;
      readonly firstRunMs: number;
      /** Of each image. */
      readonly outputs: readonly Feed[];
      /** Such as `Paddle 3.3.1`. */
      readonly library: string;
    }
  | {
      readonly kind: 'turned';
      readonly latenciesMs: readonly number[];
      /** From the first counted run to the end of the last. */
      readonly wallMs: number;
      readonly stages?: StageTimes;
    }
  | { readonly kind: 'error'; readonly code: PaddleLabErrorCode | undefined; readonly message: string };
