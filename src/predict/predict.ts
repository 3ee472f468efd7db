import { PaddleLabError } from '../errors';
import type { ImageInput } from '../image/image';
import { namesManyImages, resolveImages } from '../image/resolve-images';
import { type CustomModel, Model } from '../model/model';
import { checkProbabilities } from '../model-io/model-io';
import { abortSignal, boolean, fraction, integer, type OptionChecks, readOptions } from '../options';
import type { CustomResult, PredictResult, ResultByTask, Task } from '../results';
import { invalidArgument } from '../validate';
import { ImagePipeline } from './image-pipeline';
import { type CheckedOptions, predictBatch } from './predict-batch';
import { type PipelineOptions, pipelineChecks, streamPipeline } from './predict-pipeline';

export type { PipelineOptions, PipelineStreamOptions } from './predict-pipeline';

/** Options of `predict`. */
export interface PredictOptions {
  /**
   * What has a score above this is kept, 0 to 1. By default 0.5 for objects, as in Paddle's scripts (what
   * `draw_threshold` says in an `inference.yml`, as in PaddleX); what the configuration says for classes; nothing is left out of keypoints. Segmentation knows no threshold.
   */
  readonly threshold?: number;
  /** Also returns the tensors that went in and came out, as `result.raw`; false by default. */
  readonly raw?: boolean;
  /**
   * Also returns how probable each class is in each pixel, as `result.probabilities`, of semantic segmentation whose
   * network answers that (exports with `output_op` softmax or none, not argmax); false by default.
   */
  readonly probabilities?: boolean;
  /**
   * How many images go through the network at once, 1 by default. As in Paddle's scripts, images of detectors are padded
   * to the largest of their batch, which may move results a little. Models that take one image a run are given one.
   */
  readonly batchSize?: number;
  /** Gives up: the promise rejects at once, a run that has begun ends in the background. */
  readonly signal?: AbortSignal;
}

/**
 * Runs a model, or a pipeline of `loadPipeline`, on one image, or on several in order: image in, result out; array in, array out. Members of an array may
 * stand for several images: a folder, a pattern such as `images/*.png`, a `.txt` file of paths.
 *
 * Images are decoded as OpenCV does for Paddle's scripts (EXIF orientation applied) and preprocessed as the model's
 * configuration says. Boxes are in pixels of the original image, origin top left, and may reach beyond its borders.
 *
 * @throws PaddleLabError FILE_NOT_FOUND, IMAGE_UNREADABLE, INVALID_ARGUMENT, UNKNOWN_OPTION, DISPOSED, ABORTED,
 * PREDICTOR_RUN_FAILED, MODEL_UNSUPPORTED, CONFIG_INVALID
 *
 * @example
 * const result = await predict(model, 'shapes.png', { threshold: 0.6 });
 * for (const { label, score, box } of result.detections) console.log(label, score, box);
 */
export async function predict<C>(
  model: CustomModel<C>,
  images: readonly ImageInput[],
  options?: PredictOptions,
): Promise<CustomResult<C>[]>;
export async function predict<C>(
  model: CustomModel<C>,
  image: ImageInput,
  options?: PredictOptions,
): Promise<CustomResult<C>>;
export async function predict<R extends PredictResult>(
  pipeline: ImagePipeline<R>,
  images: readonly ImageInput[],
  options?: PipelineOptions,
): Promise<R[]>;
export async function predict<R extends PredictResult>(
  pipeline: ImagePipeline<R>,
  image: ImageInput,
  options?: PipelineOptions,
): Promise<R>;
export async function predict<T extends Task>(
  model: Model<T>,
  images: readonly ImageInput[],
  options?: PredictOptions,
): Promise<ResultByTask[T][]>;
export async function predict<T extends Task>(
  model: Model<T>,
  image: ImageInput,
  options?: PredictOptions,
): Promise<ResultByTask[T]>;
export async function predict(
  model: Model | ImagePipeline,
  input: ImageInput | readonly ImageInput[],
  options: PredictOptions = {},
): Promise<PredictResult | PredictResult[]> {
  if (model instanceof ImagePipeline) return predictOnPipeline(model, input, options);
  const checked = checkPredictArguments('predict', model, options, predictChecks);
  if (Array.isArray(input)) return predictBatch(model, await resolveImages(input), checked);
  const image = input as ImageInput;
  await refuseMany(image);
  const [result] = await predictBatch(model, [image], checked);
  return result as PredictResult;
}

async function predictOnPipeline(
  pipeline: ImagePipeline,
  input: ImageInput | readonly ImageInput[],
  options: PredictOptions,
): Promise<PredictResult | PredictResult[]> {
  const { threshold, signal } = readOptions<PipelineOptions>('predict on a pipeline', options, pipelineChecks);
  if (!Array.isArray(input)) {
    await refuseMany(input as ImageInput);
    return (await pipeline.read(input as ImageInput, { threshold, signal })).result;
  }
  const results: PredictResult[] = [];
  const stream = streamPipeline(pipeline, await resolveImages(input), { threshold, signal });
  for await (const result of stream) results.push(result);
  return results;
}

async function refuseMany(image: ImageInput): Promise<void> {
  if (typeof image === 'string' && (await namesManyImages(image))) {
    throw new PaddleLabError(
      'INVALID_ARGUMENT',
      `Expected one image but ${image} stands for several; give an array, which gives an array: predict(model, ["${image}"])`,
    );
  }
}

/** @internal */
export const predictChecks = {
  threshold: fraction,
  raw: boolean,
  probabilities: boolean,
  batchSize: integer(1),
  signal: abortSignal,
} satisfies OptionChecks<PredictOptions>;

/** @internal */
export function checkPredictArguments<O extends PredictOptions>(
  name: string,
  model: unknown,
  options: O,
  checks: OptionChecks<O>,
): CheckedOptions {
  if (!(model instanceof Model)) throw invalidArgument('model', 'model from loadModel', model);
  const { threshold, raw = false, probabilities, batchSize = 1, signal } = readOptions(name, options, checks);
  return { threshold, raw, probabilities: checkProbabilities(model.kind, probabilities), batchSize, signal };
}
