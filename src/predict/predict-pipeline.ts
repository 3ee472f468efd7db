import type { ImageInput } from '../image/image';
import { abortSignal, fraction, integer, type OptionChecks } from '../options';
import type { PredictResult } from '../results';
import type { ImagePipeline, PipelineRun } from './image-pipeline';
import { mapOrdered } from './map-ordered';

/** Options of `predict` on a pipeline: what is left out is the server's, such as its threshold. */
export interface PipelineOptions {
  /** What has a score above this is kept, 0 to 1. */
  readonly threshold?: number;
  /** Ends the requests: the promise rejects at once. */
  readonly signal?: AbortSignal;
}

/** Options of `predictStream` on a pipeline. */
export interface PipelineStreamOptions extends PipelineOptions {
  /** How many images are sent at once, over all its servers; 4 for each server by default. */
  readonly parallel?: number;
}

/** @internal */
export const pipelineChecks = { threshold: fraction, signal: abortSignal } satisfies OptionChecks<PipelineOptions>;

/** @internal */
export const pipelineStreamChecks = {
  ...pipelineChecks,
  parallel: integer(1),
} satisfies OptionChecks<PipelineStreamOptions>;

/** @internal Sends images to a pipeline, several at once; leaving the loop ends the requests under way. */
export function streamPipeline<R extends PredictResult>(
  pipeline: ImagePipeline<R>,
  images: Iterable<ImageInput> | AsyncIterable<ImageInput>,
  { threshold, signal, parallel = pipeline.imagesAtOnce }: Partial<PipelineRun> & { readonly parallel?: number },
): AsyncGenerator<R, void, undefined> {
  const ending = new AbortController();
  const both = signal === undefined ? ending.signal : AbortSignal.any([signal, ending.signal]);
  const run = async (image: ImageInput): Promise<R> => (await pipeline.read(image, { threshold, signal: both })).result;
  return mapOrdered(images, parallel, run, ending);
}
