import { PaddleLabError } from '../errors';
import { decodeImage, type ImageInput } from '../image/image';
import type { TensorInput } from '../inference/tensor';
import { Model } from '../model/model';
import type { Task } from '../model/spec';
import { postprocessorFor, type ResultByTask } from '../postprocess/registry';
import { type NetworkImage, runPipeline } from '../preprocess/pipeline';
import { checkNumber, checkOptions, checkSignal, invalidArgument, throwIfAborted } from '../validate';
import { presentResult } from './present-result';

export interface PredictOptions {
  /** Only objects with a score above this are kept, 0 to 1; 0.5 by default, as in Paddle's scripts. */
  readonly threshold?: number;
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
  checkOptions('predict', options, ['threshold', 'signal']);
  const threshold = checkNumber('threshold', options.threshold ?? 0.5, 0, 1);
  if (options.signal !== undefined) checkSignal('signal', options.signal);
  if (!Array.isArray(input)) return predictOne(model, input as ImageInput, threshold, options.signal);
  const results: ResultByTask[T][] = [];
  for (const image of input) results.push(await predictOne(model, image, threshold, options.signal));
  return results;
}

async function predictOne<T extends Task>(
  model: Model<T>,
  input: ImageInput,
  threshold: number,
  signal: AbortSignal | undefined,
): Promise<ResultByTask[T]> {
  throwIfAborted(signal);
  const started = performance.now();
  const image = await decodeImage(input);
  const decoded = performance.now();
  const tensors = await runPipeline(image, model.spec.preprocess);
  const preprocessed = performance.now();
  const outputs = await model.predictor.run(networkInputs(model, tensors), { signal });
  const ran = performance.now();
  const size = { width: image.width, height: image.height };
  const context = { spec: model.spec, image: size, threshold };
  const detections = await postprocessorFor(model.kind).detections(outputs, context);
  return presentResult({
    kind: model.kind,
    image: size,
    threshold,
    labels: model.spec.labels,
    detections,
    timings: {
      decodeMs: decoded - started,
      preprocessMs: preprocessed - decoded,
      inferenceMs: ran - preprocessed,
      postprocessMs: performance.now() - ran,
    },
  } as unknown as ResultByTask[T]);
}

/** The program lists which of the usual inputs it wants; which ones is decided when a model is exported. */
export function networkInputs(
  model: { readonly predictor: { readonly inputNames: readonly string[] } },
  tensors: NetworkImage,
): Record<string, TensorInput> {
  const pair = (values: readonly [number, number]): TensorInput => ({
    shape: [1, 2],
    data: Float32Array.from(values),
  });
  const available: Readonly<Record<string, TensorInput>> = {
    image: tensors.image,
    x: tensors.image,
    im_shape: pair(tensors.imShape),
    scale_factor: pair(tensors.scaleFactor),
  };
  const inputs: Record<string, TensorInput> = {};
  for (const name of model.predictor.inputNames) {
    const tensor = available[name];
    if (tensor === undefined) {
      const known = Object.keys(available).join(', ');
      throw new PaddleLabError('MODEL_UNSUPPORTED', `Expected inputs among ${known} but the model wants "${name}"`);
    }
    inputs[name] = tensor;
  }
  return inputs;
}
