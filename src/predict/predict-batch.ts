import { decodeImage, type ImageInput } from '../image/image';
import type { Model } from '../model/model';
import type { Task } from '../model/spec';
import { inExportOrder } from '../postprocess/export-order';
import { giveFloatsBack } from '../preprocess/float-memory';
import type { ResultByTask } from '../results';
import { throwIfAborted } from '../validate';
import { groupImages, mayBatch, splitOutputs, stackInputs } from './batch';
import { type PreparedImage, prepareImage, readOutputs } from './stages';

/** Options of `predict` after they were checked. */
export interface CheckedOptions {
  readonly threshold: number | undefined;
  readonly raw: boolean;
  readonly probabilities: boolean;
  readonly batchSize: number;
  readonly signal: AbortSignal | undefined;
}

interface TimedImage extends PreparedImage {
  readonly decodeMs: number;
  readonly preprocessMs: number;
}

/** Predicts on images, several in a run where the model and `batchSize` let them; results in the images' order. */
export async function predictBatch<T extends Task>(
  model: Model<T>,
  inputs: readonly ImageInput[],
  options: CheckedOptions,
): Promise<ResultByTask[T][]> {
  const { spec, predictor } = model;
  const size = mayBatch(spec, predictor.inputs) ? options.batchSize : 1;
  const results: ResultByTask[T][] = [];
  for (let start = 0; start < inputs.length; start += size) {
    throwIfAborted(options.signal);
    const images: TimedImage[] = [];
    for (const input of inputs.slice(start, start + size)) images.push(await prepare(model, input));
    for (const group of groupImages(spec, images, size)) results.push(...(await runGroup(model, group, options)));
  }
  return results;
}

async function prepare(model: Model, input: ImageInput): Promise<TimedImage> {
  const started = performance.now();
  const image = await decodeImage(input);
  const decoded = performance.now();
  const prepared = await prepareImage(model.spec, model.predictor.inputNames, image);
  return { ...prepared, decodeMs: decoded - started, preprocessMs: performance.now() - decoded };
}

function giveBack(inputs: PreparedImage['inputs']): void {
  for (const { data } of Object.values(inputs)) giveFloatsBack(data);
}

async function runGroup<T extends Task>(
  model: Model<T>,
  images: readonly TimedImage[],
  { threshold, raw, probabilities, signal }: CheckedOptions,
): Promise<ResultByTask[T][]> {
  const { spec, predictor, kind } = model;
  const started = performance.now();
  const outputs = await predictor.run(stackInputs(images), { signal });
  const inferenceMs = (performance.now() - started) / images.length;
  const shown = raw || kind === 'tensors';
  // The run is over, not given up: Paddle has its own copy, and nobody else has seen these.
  if (!shown) for (const { inputs } of images) giveBack(inputs);
  const results: ResultByTask[T][] = [];
  for (const [n, own] of splitOutputs(spec, inExportOrder(spec, outputs), images.length).entries()) {
    const { inputs, image, decodeMs, preprocessMs } = images[n] as TimedImage;
    const timings = { decodeMs, preprocessMs, inferenceMs };
    const tensors = shown ? { inputs, outputs: own } : undefined;
    results.push(await readOutputs(spec, kind, own, { image, threshold, probabilities, timings, raw: tensors }));
  }
  return results;
}
