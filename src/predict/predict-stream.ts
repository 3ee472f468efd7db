import type { ImageInput } from '../image/image';
import type { CustomModel, Model } from '../model/model';
import type { Task } from '../model/spec';
import type { CustomResult, ResultByTask } from '../results';
import { invalidArgument } from '../validate';
import { checkPredictArguments, type PredictOptions } from './predict';
import { predictBatch } from './predict-batch';

/**
 * Predicts on the images of any iterable as they come, results in their order: frames, a long list, a queue. An image is
 * taken only when the results before are used (`batchSize` images at a time), and leaving the loop ends the iterable.
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
  options?: PredictOptions,
): AsyncGenerator<CustomResult<C>, void, undefined>;
export function predictStream<T extends Task>(
  model: Model<T>,
  images: Iterable<ImageInput> | AsyncIterable<ImageInput>,
  options?: PredictOptions,
): AsyncGenerator<ResultByTask[T], void, undefined>;
export async function* predictStream<T extends Task>(
  model: Model<T>,
  images: Iterable<ImageInput> | AsyncIterable<ImageInput>,
  options: PredictOptions = {},
): AsyncGenerator<ResultByTask[T], void, undefined> {
  const checked = checkPredictArguments('predictStream', model, options);
  if (typeof images === 'string' || !isIterable(images)) throw invalidArgument('images', 'iterable of images', images);
  let waiting: ImageInput[] = [];
  for await (const image of images) {
    waiting.push(image);
    if (waiting.length < checked.batchSize) continue;
    yield* await predictBatch(model, waiting, checked);
    waiting = [];
  }
  yield* await predictBatch(model, waiting, checked);
}

function isIterable(value: unknown): boolean {
  const { [Symbol.iterator]: one, [Symbol.asyncIterator]: other } = (value ?? {}) as Partial<
    Iterable<unknown> & AsyncIterable<unknown>
  >;
  return !(value instanceof Uint8Array) && (typeof one === 'function' || typeof other === 'function');
}
