import type { RawPixels } from '../image/raw-pixels';
import { Model } from '../model/model';
import { readText } from '../ocr/read-text';
import { TextReader } from '../ocr/text-reader';
import { ImagePipeline } from '../predict/image-pipeline';
import { mapOrdered } from '../predict/map-ordered';
import { predictOutcomes, runSize } from '../predict/predict-batch';
import { SessionPool } from '../predict/session-pool';
import type { Detection, PredictResult } from '../results';
import { invalidArgument, throwIfAborted } from '../validate';
import type { ChainStage } from './options';

/** A part of an image with the object that it shows. */
export interface Part {
  readonly pixels: Omit<RawPixels, 'data'> & { readonly data: Uint8Array };
  readonly object: Detection;
}

export interface StageOptions {
  readonly threshold: number | undefined;
  readonly batchSize: number;
  readonly signal: AbortSignal | undefined;
}

/** What the second stage finds in each part, in their order. */
export async function runStage(
  stage: ChainStage,
  parts: readonly Part[],
  options: StageOptions,
): Promise<readonly PredictResult[]> {
  if (stage instanceof Model) return runModel(stage, parts, options);
  const { threshold, signal } = options;
  const images = parts.map(({ pixels }) => pixels);
  if (stage instanceof TextReader) {
    return readText(images, {
      reader: stage,
      ...(threshold !== undefined && { threshold }),
      ...(signal && { signal }),
    });
  }
  if (stage instanceof ImagePipeline) {
    return all(
      mapOrdered(images, stage.imagesAtOnce, async (image) => (await stage.read(image, { threshold, signal })).result),
    );
  }
  const work = async ({ pixels, object }: Part): Promise<PredictResult> => {
    throwIfAborted(signal);
    const result: unknown = await stage(pixels, object);
    if (typeof (result as Partial<PredictResult> | undefined)?.kind === 'string') return result as PredictResult;
    throw invalidArgument('then', 'function that gives a result', result);
  };
  return all(mapOrdered(parts, 1, work));
}

/** As many parts at once as the model takes, up to `batchSize`. */
async function runModel(model: Model, parts: readonly Part[], options: StageOptions): Promise<PredictResult[]> {
  const sessions = SessionPool.open(model.session, 1);
  const size = runSize(model, options.batchSize);
  const checked = { ...options, raw: false, probabilities: false };
  const results: PredictResult[] = [];
  for (let start = 0; start < parts.length; start += size) {
    throwIfAborted(options.signal);
    const images = parts.slice(start, start + size).map(({ pixels }) => pixels);
    for (const outcome of await predictOutcomes(model, sessions, images, checked)) {
      if (outcome.kind === 'failed') throw outcome.error;
      results.push(outcome.result as PredictResult);
    }
  }
  return results;
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}
