import { availableParallelism } from 'node:os';
import type { ImageInput } from '../image/image';
import type { CustomModel, Model } from '../model/model';
import { integer, type OptionChecks, readOptions } from '../options';
import type { CustomResult, PredictResult, ResultByTask, Task } from '../results';
import { invalidArgument } from '../validate';
import { ImagePipeline } from './image-pipeline';
import { mapOrdered } from './map-ordered';
import { checkPredictArguments, type PredictOptions, predictChecks } from './predict';
import { predictOutcomes, runSize } from './predict-batch';
import { type PipelineStreamOptions, pipelineStreamChecks, streamPipeline } from './predict-pipeline';
import { SessionPool } from './session-pool';

/** Options of `predictStream`. */
export interface PredictStreamOptions extends PredictOptions {
  /**
   * How many runs may happen side by side, on clones that share the model's weights (with the OpenVINO engine each has
   * its own); 1 by default. A clone is made when runs wait while cores are idle. Most is gained where the model was loaded
   * with `threads: 1`. Reading, preprocessing and postprocessing overlap with runs in any case.
   */
  readonly parallel?: number;
}

const checks = { ...predictChecks, parallel: integer(1) } satisfies OptionChecks<PredictStreamOptions>;

/**
 * Predicts on the images of any iterable as they come, results in their order: frames, a long list, a queue. Images are
 * read and prepared while the network runs on those before, only a few ahead of what is used of the results, so that
 * memory stays bounded. Leaving the loop ends the iterable. A pipeline of `loadPipeline` is given several images at once, and its
 * servers share them.
 *
 * @throws PaddleLabError as `predict`
 *
 * @example
 * import { predictStream } from 'paddlelab';
 * for await (const { detections } of predictStream(model, ['shapes.png', 'photo.jpg'])) {
 *   console.log(detections.length);
 * }
 */
export function predictStream<C>(
  model: CustomModel<C>,
  images: Iterable<ImageInput> | AsyncIterable<ImageInput>,
  options?: PredictStreamOptions,
): AsyncGenerator<CustomResult<C>, void, undefined>;
export function predictStream<R extends PredictResult>(
  pipeline: ImagePipeline<R>,
  images: Iterable<ImageInput> | AsyncIterable<ImageInput>,
  options?: PipelineStreamOptions,
): AsyncGenerator<R, void, undefined>;
export function predictStream<T extends Task>(
  model: Model<T>,
  images: Iterable<ImageInput> | AsyncIterable<ImageInput>,
  options?: PredictStreamOptions,
): AsyncGenerator<ResultByTask[T], void, undefined>;
export async function* predictStream(
  model: Model | ImagePipeline,
  images: Iterable<ImageInput> | AsyncIterable<ImageInput>,
  options: PredictStreamOptions = {},
): AsyncGenerator<PredictResult, void, undefined> {
  if (model instanceof ImagePipeline) {
    const given = readOptions<PipelineStreamOptions>('predictStream on a pipeline', options, pipelineStreamChecks);
    checkImages(images);
    yield* streamPipeline(model, images, given);
    return;
  }
  const checked = checkPredictArguments('predictStream', model, options, checks);
  const { parallel = 1 } = options;
  checkImages(images);
  const work = (sessions: SessionPool, batch: readonly ImageInput[]) =>
    predictOutcomes(model, sessions, batch, checked);
  for await (const outcome of streamRuns(model, images, { parallel, batchSize: checked.batchSize }, work)) {
    if (outcome.kind === 'failed') throw outcome.error;
    yield outcome.result;
  }
}

function checkImages(images: unknown): void {
  if (typeof images === 'string' || !isIterable(images)) throw invalidArgument('images', 'iterable of images', images);
}

/** @internal How wide a pipeline is. */
export interface PipelineWidth {
  readonly parallel: number;
  readonly batchSize: number;
}

/** @internal Takes images in runs through `work`, some runs at once, and yields what it answers, in order. */
export async function* streamRuns<I, O>(
  model: Model,
  items: Iterable<I> | AsyncIterable<I>,
  { parallel, batchSize }: PipelineWidth,
  work: (sessions: SessionPool, batch: readonly I[]) => Promise<readonly O[]>,
): AsyncGenerator<O, void, undefined> {
  const sessions = SessionPool.open(model.session, parallel);
  try {
    const width = { size: runSize(model, batchSize), limit: runsUnderWay(parallel) };
    yield* streamGroups(items, width, (batch) => work(sessions, batch));
  } finally {
    await sessions.close();
  }
}

/** @internal Beside the runs at once, some are being read, prepared, or brought to their end. */
export function runsUnderWay(parallel: number): number {
  return parallel + Math.min(4, availableParallelism());
}

/** @internal Takes items in groups through `work`, at most `limit` groups at once, and yields what it answers, in order. */
export async function* streamGroups<I, O>(
  items: Iterable<I> | AsyncIterable<I>,
  { size, limit }: { readonly size: number; readonly limit: number },
  work: (group: readonly I[]) => Promise<readonly O[]>,
): AsyncGenerator<O, void, undefined> {
  for await (const answers of mapOrdered(inGroups(items, size), limit, work)) yield* answers;
}

async function* inGroups<I>(items: Iterable<I> | AsyncIterable<I>, size: number): AsyncGenerator<I[]> {
  let group: I[] = [];
  for await (const item of items) {
    group.push(item);
    if (group.length < size) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}

/** @internal Bytes are one image, not many. */
export function isIterable(value: unknown): boolean {
  const { [Symbol.iterator]: one, [Symbol.asyncIterator]: other } = (value ?? {}) as Partial<
    Iterable<unknown> & AsyncIterable<unknown>
  >;
  return !(value instanceof Uint8Array) && (typeof one === 'function' || typeof other === 'function');
}
