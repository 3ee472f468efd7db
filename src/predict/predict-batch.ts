import { decodeImage, type ImageInput, type RgbImage } from '../image/image';
import type { Model } from '../model/model';
import { inExportOrder } from '../model-io/export-order';
import { type PreparedImage, prepareImage, readOutputs } from '../model-io/model-io';
import { returnToPool } from '../preprocess/float-pool';
import type { ResultByTask, Task } from '../results';
import { throwIfAborted } from '../validate';
import { groupImages, mayBatch, splitOutputs, stackInputs } from './batch';
import { batchOrder, specForBatch } from './batch-order';
import { SessionPool } from './session-pool';

/** Options of `predict` after they were checked. */
export interface CheckedOptions {
  readonly threshold: number | undefined;
  readonly raw: boolean;
  readonly probabilities: boolean;
  readonly batchSize: number;
  readonly signal: AbortSignal | undefined;
}

/** The parts of a model that a prediction needs; `spec` may be another one than the model's own. */
export type Predictor<T extends Task = Task> = Pick<Model<T>, 'spec' | 'kind' | 'session'>;

interface DecodedImage {
  /** Its place among the images that were given together. */
  readonly index: number;
  readonly pixels: RgbImage;
  readonly decodeMs: number;
}

interface TimedImage extends DecodedImage, PreparedImage {
  readonly preprocessMs: number;
}

/** What became of one image: its result, or why there is none. */
export type Outcome<R> =
  | { readonly kind: 'result'; readonly result: R; readonly pixels: RgbImage }
  | { readonly kind: 'failed'; readonly error: unknown };

/** Predicts on images, several in a run where the model and `batchSize` let them; results in the images' order. */
export async function predictBatch<T extends Task>(
  model: Model<T>,
  inputs: readonly ImageInput[],
  options: CheckedOptions,
): Promise<ResultByTask[T][]> {
  const sessions = SessionPool.open(model.session, 1);
  const results: ResultByTask[T][] = [];
  const size = runSize(model, options.batchSize);
  const order = await batchOrder(model.spec, inputs, size);
  for (let start = 0; start < inputs.length; start += size) {
    throwIfAborted(options.signal);
    const indices = order.slice(start, start + size);
    const batch = indices.map((index) => inputs[index] as ImageInput);
    for (const [n, outcome] of (await predictOutcomes(model, sessions, batch, options)).entries()) {
      if (outcome.kind === 'failed') throw outcome.error;
      results[indices[n] as number] = outcome.result;
    }
  }
  return results;
}

/** How many images go through the network at once, where `wanted` are asked for. */
export function runSize({ spec, session }: Pick<Predictor, 'spec' | 'session'>, wanted: number): number {
  return mayBatch(spec, session.inputs) ? wanted : 1;
}

/** Predicts on the images of one run; what is wrong with one of them is its own outcome, in the images' order. */
export async function predictOutcomes<T extends Task>(
  model: Predictor<T>,
  sessions: SessionPool,
  inputs: readonly ImageInput[],
  options: CheckedOptions,
): Promise<Outcome<ResultByTask[T]>[]> {
  const outcomes: Outcome<ResultByTask[T]>[] = [];
  const refuse = (index: number) => (error: unknown) => {
    outcomes[index] = { kind: 'failed', error };
    return [];
  };
  const decoded: DecodedImage[] = [];
  for (const [index, input] of inputs.entries()) {
    decoded.push(...(await decode(input, index).then((image) => [image], refuse(index))));
  }
  const spec = specForBatch(
    model.spec,
    decoded.map(({ pixels }) => pixels),
  );
  const batched = { spec, session: model.session, kind: model.kind };
  const images: TimedImage[] = [];
  for (const image of decoded) {
    images.push(...(await prepare(batched, image).then((prepared) => [prepared], refuse(image.index))));
  }
  for (const group of groupImages(spec, images, inputs.length)) {
    const found = await runGroup(batched, sessions, group, options).catch((error: unknown) => ({ error }));
    for (const [n, { index }] of group.entries()) {
      outcomes[index] = Array.isArray(found) ? (found[n] as Outcome<ResultByTask[T]>) : { kind: 'failed', ...found };
    }
  }
  return outcomes;
}

async function decode(input: ImageInput, index: number): Promise<DecodedImage> {
  const started = performance.now();
  const pixels = await decodeImage(input);
  return { index, pixels, decodeMs: performance.now() - started };
}

async function prepare(
  { spec, session }: Pick<Predictor, 'spec' | 'session'>,
  image: DecodedImage,
): Promise<TimedImage> {
  const started = performance.now();
  const names = session.inputs.map(({ name }) => name);
  const prepared = await prepareImage(spec, names, image.pixels);
  return { ...image, ...prepared, preprocessMs: performance.now() - started };
}

function giveBack(inputs: PreparedImage['inputs']): void {
  for (const { data } of Object.values(inputs)) returnToPool(data);
}

async function runGroup<T extends Task>(
  { spec, kind }: Predictor<T>,
  sessions: SessionPool,
  images: readonly TimedImage[],
  { threshold, raw, probabilities, signal }: CheckedOptions,
): Promise<Outcome<ResultByTask[T]>[]> {
  const feeds = stackInputs(images);
  const shown = raw || kind === 'tensors';
  const batchWidth = images.length > 1 ? Object.values(feeds)[0]?.shape[3] : undefined;
  const { outputs, inferenceMs } = await sessions.use(async (session) => {
    const started = performance.now();
    const outputs = await session.run(feeds, { signal });
    if (!shown) session.releaseInputs?.();
    return { outputs, inferenceMs: (performance.now() - started) / images.length };
  });
  // The run is over, not cancelled, and these arrays have no other owner.
  if (!shown) for (const { inputs } of images) giveBack(inputs);
  const read = { threshold, probabilities, ...(batchWidth !== undefined && { batchWidth }) };
  const outcomes: Outcome<ResultByTask[T]>[] = [];
  for (const [n, own] of splitOutputs(spec, inExportOrder(spec, outputs), images.length).entries()) {
    throwIfAborted(signal);
    const { inputs, image, pixels, decodeMs, preprocessMs } = images[n] as TimedImage;
    const timings = { decodeMs, preprocessMs, inferenceMs };
    const tensors = shown ? { inputs, outputs: own } : undefined;
    // What is wrong with one image's outputs says nothing of the others.
    outcomes.push(
      await readOutputs(spec, kind, own, { ...read, image, timings, raw: tensors }).then(
        (result) => ({ kind: 'result', result, pixels }),
        (error: unknown) => ({ kind: 'failed', error }),
      ),
    );
  }
  return outcomes;
}
