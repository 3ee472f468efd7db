import { decodeImage, type ImageInput } from '../image/image';
import { Model } from '../model/model';
import type { Task } from '../model/spec';
import type { ResultByTask } from '../results';
import { checkBoolean, checkNumber, checkOptions, checkSignal, invalidArgument, throwIfAborted } from '../validate';
import { prepareImage, readOutputs } from './stages';

export interface PredictOptions {
  /**
   * What has a score above this is kept, 0 to 1. By default 0.5 for objects, as in Paddle's scripts; what the
   * configuration says for classes; nothing is left out of keypoints. Segmentation knows no threshold.
   */
  readonly threshold?: number;
  /** Also returns the tensors that went in and came out, as `result.raw`; false by default. */
  readonly raw?: boolean;
  /** Gives up: the promise rejects at once, a run that has begun ends in the background. */
  readonly signal?: AbortSignal;
}

/**
 * Runs a model on one image, or on several in order: image in, result out; array in, array out.
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
export async function predict<T extends Task>(
  model: Model<T>,
  input: ImageInput | readonly ImageInput[],
  options: PredictOptions = {},
): Promise<ResultByTask[T] | ResultByTask[T][]> {
  if (!(model instanceof Model)) throw invalidArgument('model', 'model from loadModel', model);
  checkOptions('predict', options, ['threshold', 'raw', 'signal']);
  const { threshold, raw = false, signal } = options;
  if (threshold !== undefined) checkNumber('threshold', threshold, 0, 1);
  checkBoolean('raw', raw);
  if (signal !== undefined) checkSignal('signal', signal);
  const checked = { threshold, raw, signal };
  if (!Array.isArray(input)) return predictOne(model, input as ImageInput, checked);
  const results: ResultByTask[T][] = [];
  for (const image of input) results.push(await predictOne(model, image, checked));
  return results;
}

interface CheckedOptions {
  readonly threshold: number | undefined;
  readonly raw: boolean;
  readonly signal: AbortSignal | undefined;
}

async function predictOne<T extends Task>(
  model: Model<T>,
  input: ImageInput,
  { threshold, raw, signal }: CheckedOptions,
): Promise<ResultByTask[T]> {
  throwIfAborted(signal);
  const { spec, predictor } = model;
  const started = performance.now();
  const image = await decodeImage(input);
  const decoded = performance.now();
  const prepared = await prepareImage(spec, predictor.inputNames, image);
  const preprocessed = performance.now();
  const outputs = await predictor.run(prepared.inputs, { signal });
  const ran = performance.now();
  const timings = {
    decodeMs: decoded - started,
    preprocessMs: preprocessed - decoded,
    inferenceMs: ran - preprocessed,
  };
  const tensors = raw || model.kind === 'tensors' ? { inputs: prepared.inputs, outputs } : undefined;
  return readOutputs(spec, model.kind, outputs, { image: prepared.image, threshold, timings, raw: tensors });
}
