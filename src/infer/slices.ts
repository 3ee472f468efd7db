import { PaddleLabError } from '../errors';
import { decodeImage, type ImageInput, type RgbImage } from '../image/image';
import { type Crop, cropPixels } from '../image/raw-pixels';
import type { Model } from '../model/model';
import { type CheckedOptions, type Outcome, predictOutcomes, runSize } from '../predict/predict-batch';
import type { SessionPool } from '../predict/session-pool';
import type { Box, Detection, PredictResult, Timings } from '../results';

/** How a large image is divided into windows; pairs are height, width, as in Paddle's flags. */
export interface SliceSettings {
  readonly size: readonly [height: number, width: number];
  /** Overlap of neighbouring windows, as a fraction of their size. */
  readonly overlap: readonly [height: number, width: number];
  /** How objects detected in several windows are combined. */
  readonly combine: 'nms' | 'concat';
  /** `iou`: intersection over union, `ios`: intersection over the smaller one. */
  readonly metric: 'iou' | 'ios';
  readonly threshold: number;
}

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

/**
 * Detects objects in the windows of an image and combines them, as PaddleDetection with `--slice_infer` does.
 *
 * @throws PaddleLabError MODEL_UNSUPPORTED if the model is not an object detector
 */
export async function predictSlices(
  model: Model,
  sessions: SessionPool,
  input: ImageInput,
  settings: SliceSettings,
  options: CheckedOptions,
): Promise<Outcome<PredictResult>> {
  if (model.kind !== 'detection') {
    throw new PaddleLabError('MODEL_UNSUPPORTED', `Expected an object detector for slices but received ${model.kind}`);
  }
  let pixels: RgbImage;
  try {
    pixels = await decodeImage(input);
  } catch (error) {
    return { kind: 'failed', error };
  }
  const windows = windowsOf(pixels, settings);
  const crops = windows.map((window) => ({ ...cropPixels(pixels, window), channels: 3 as const }));
  const found: Detection[] = [];
  const spent: Timings[] = [];
  let last: PredictResult | undefined;
  const size = runSize(model, crops.length);
  // All rows are needed for combining, regardless of the final threshold.
  const everything = { ...options, threshold: 0 };
  for (let start = 0; start < crops.length; start += size) {
    const outcomes = await predictOutcomes(model, sessions, crops.slice(start, start + size), everything);
    for (const [i, outcome] of outcomes.entries()) {
      if (outcome.kind === 'failed') return outcome;
      const { left, top } = windows[start + i] as Crop;
      last = outcome.result as PredictResult;
      spent.push(last.timings);
      for (const item of last.detections ?? []) found.push({ ...item, box: moved(item.box, left, top) });
    }
  }
  const kept = settings.combine === 'nms' ? suppress(found, settings) : found;
  const threshold = options.threshold ?? 0.5;
  const detections = kept.filter(({ score }) => score > threshold).sort((a, b) => b.score - a.score);
  const image = { width: pixels.width, height: pixels.height };
  const result = { ...last, image, threshold, detections, timings: total(spent) } as PredictResult;
  return { kind: 'result', result, pixels };
}

function moved([x1, y1, x2, y2]: Box, left: number, top: number): Box {
  return [x1 + left, y1 + top, x2 + left, y2 + top];
}

function total(all: readonly Timings[]): Timings {
  const sum = (pick: (timings: Timings) => number) => all.reduce((value, one) => value + pick(one), 0);
  return {
    decodeMs: sum(({ decodeMs }) => decodeMs),
    preprocessMs: sum(({ preprocessMs }) => preprocessMs),
    inferenceMs: sum(({ inferenceMs }) => inferenceMs),
    postprocessMs: sum(({ postprocessMs }) => postprocessMs),
  };
}

/**
 * Class by class, best score first: boxes that match a better one are removed. Sides include their last pixel
 * (PaddleDetection 2.6+).
 */
export function suppress(
  rows: readonly Detection[],
  { metric, threshold }: Pick<SliceSettings, 'metric' | 'threshold'>,
): Detection[] {
  const suppressed = new Set<Detection>();
  const order = [...rows].sort((a, b) => b.score - a.score);
  for (const [i, best] of order.entries()) {
    if (suppressed.has(best)) continue;
    for (const other of order.slice(i + 1)) {
      if (other.classId === best.classId && match(best.box, other.box, metric) >= threshold) suppressed.add(other);
    }
  }
  return rows.filter((row) => !suppressed.has(row));
}

function match(a: Box, b: Box, metric: SliceSettings['metric']): number {
  const side = (from: number, to: number) => Math.max(0, to - from + 1);
  const area = ([x1, y1, x2, y2]: Box) => side(x1, x2) * side(y1, y2);
  const shared = side(Math.max(a[0], b[0]), Math.min(a[2], b[2])) * side(Math.max(a[1], b[1]), Math.min(a[3], b[3]));
  return shared / (metric === 'iou' ? area(a) + area(b) - shared : Math.min(area(a), area(b)));
}
