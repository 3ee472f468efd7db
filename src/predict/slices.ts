import { PaddleLabError } from '../errors';
import { decodeImage, type ImageInput, type RgbImage } from '../image/image';
import { type Crop, cropPixels } from '../image/raw-pixels';
import type { Model } from '../model/model';
import { movedObject } from '../model-io/moved-result';
import { presentResult } from '../model-io/present-result';
import { mergeObjects } from '../objects/merge-objects';
import { suppress } from '../objects/nms';
import { boxOverlap } from '../objects/overlap';
import type { Detection, DetectionResult, InstanceSegmentationResult, Task, Timings } from '../results';
import { type CheckedOptions, type Outcome, predictOutcomes, runSize } from './predict-batch';
import type { SessionPool } from './session-pool';
import type { SliceSettings } from './slice-settings';
import { sumTimings } from './timings';

/** The models that can predict on slices. */
export type SliceTask = 'detection' | 'instance-segmentation';

type SliceResult = DetectionResult | InstanceSegmentationResult;

/**
 * The windows of an image, row by row; those at the right and bottom edges are moved inside (as in sahi, which Paddle
 * uses).
 */
export function windowsOf(image: { width: number; height: number }, { size, overlap }: SliceSettings): Crop[] {
  const [tops, lefts] = [startsOf(image.height, size[0], overlap[0]), startsOf(image.width, size[1], overlap[1])];
  const height = Math.min(size[0], image.height);
  const width = Math.min(size[1], image.width);
  return tops.flatMap((top) => lefts.map((left) => ({ left, top, width, height })));
}

function startsOf(length: number, size: number, overlap: number): number[] {
  const step = size - Math.trunc(size * overlap);
  const starts: number[] = [];
  for (let start = 0; ; start += step) {
    if (start + size < length) {
      starts.push(start);
      continue;
    }
    starts.push(Math.max(0, length - size));
    return starts;
  }
}

/** @throws PaddleLabError MODEL_UNSUPPORTED unless the model finds objects with upright boxes */
export function checkSliceTask(kind: Task): asserts kind is SliceTask {
  if (kind === 'detection' || kind === 'instance-segmentation') return;
  throw new PaddleLabError('MODEL_UNSUPPORTED', `Expected an object detector for slices but received ${kind}`);
}

/**
 * Detects objects in the windows of an image and combines them, as PaddleDetection with `--slice_infer` does.
 *
 * @throws PaddleLabError MODEL_UNSUPPORTED if the model is not an object detector
 */
export async function predictWindows(
  model: Model,
  sessions: SessionPool,
  input: ImageInput,
  settings: SliceSettings,
  options: CheckedOptions,
): Promise<Outcome<SliceResult>> {
  checkSliceTask(model.kind);
  let pixels: RgbImage;
  try {
    pixels = await decodeImage(input);
  } catch (error) {
    return { kind: 'failed', error };
  }
  const windows = windowsOf(pixels, settings);
  const found: Detection[] = [];
  const spent: Timings[] = [];
  const size = runSize(model, options.batchSize);
  // All rows are needed for combining, regardless of the final threshold.
  const everything = { ...options, threshold: 0 };
  for (let start = 0; start < windows.length; start += size) {
    const own = windows.slice(start, start + size);
    const crops = own.map((window) => ({ ...cropPixels(pixels, window), channels: 3 as const }));
    for (const [i, outcome] of (await predictOutcomes(model, sessions, crops, everything)).entries()) {
      if (outcome.kind === 'failed') return outcome;
      const { timings, detections = [] } = outcome.result as SliceResult;
      spent.push(timings);
      found.push(...(detections as readonly Detection[]).map((item) => movedObject(item, own[i] as Crop, pixels)));
    }
  }
  const threshold = options.threshold ?? model.spec.outputs.threshold ?? 0.5;
  const detections = combined(found, settings).filter(({ score }) => score > threshold);
  const image = { width: pixels.width, height: pixels.height };
  const base = { kind: model.kind, image, threshold, labels: model.spec.labels, timings: sumTimings(spent) };
  const result = { ...base, detections: detections.sort((a, b) => b.score - a.score) } as SliceResult;
  return { kind: 'result', result: presentResult(result, {}), pixels };
}

function combined(found: readonly Detection[], settings: SliceSettings): readonly Detection[] {
  switch (settings.combine) {
    case 'nms':
      return suppressSlices(found, settings);
    case 'merge':
      return mergeObjects(found, { metric: settings.metric, threshold: settings.threshold });
    case 'concat':
      return found;
  }
}

/**
 * Class by class, best score first: boxes that match a better one are removed. Sides include their last pixel
 * (PaddleDetection 2.6+).
 */
export function suppressSlices(
  rows: readonly Detection[],
  { metric, threshold }: Pick<SliceSettings, 'metric' | 'threshold'>,
): Detection[] {
  return suppress(rows, (best, other) => {
    return other.classId === best.classId && boxOverlap(best.box, other.box, metric, 1) >= threshold;
  });
}
