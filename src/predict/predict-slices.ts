import type { ImageInput } from '../image/image';
import { Model } from '../model/model';
import type { OverlapMetric } from '../objects/overlap';
import { abortSignal, type Check, fraction, integer, number, type OptionChecks, oneOf, readOptions } from '../options';
import type { ResultByTask } from '../results';
import { invalidArgument } from '../validate';
import { SessionPool } from './session-pool';
import { defaultSlices } from './slice-settings';
import { checkSliceTask, predictWindows, type SliceTask } from './slices';

/** Options of `predictSlices`; the defaults are those of PaddleDetection's `--slice_infer`. */
export interface SliceOptions {
  /** Height and width of the windows in pixels, or both at once; 640 by default. */
  readonly size?: number | readonly [height: number, width: number];
  /** What neighbouring windows share, as a fraction of their height and width, or of both; 0.25 by default, at most 0.95. */
  readonly overlap?: number | readonly [height: number, width: number];
  /**
   * What becomes of objects that are found in several windows: `nms`, the default, keeps the best of those that overlap,
   * `merge` joins them (for objects larger than the overlap), `concat` keeps all.
   */
  readonly combine?: 'nms' | 'merge' | 'concat';
  /** `ios`, the default: intersection over the smaller one, for parts of an object; `iou`: over the union. */
  readonly metric?: OverlapMetric;
  /** From this overlap on, two objects of a class are taken for one, 0.6 by default. */
  readonly matchThreshold?: number;
  /** What has a score above this is kept, 0 to 1; as in `predict`. */
  readonly threshold?: number;
  /** How many windows go through the network at once, 1 by default. */
  readonly batchSize?: number;
  /** Gives up: the promise rejects at once, a run that has begun ends in the background. */
  readonly signal?: AbortSignal;
}

const checks = {
  size: pair(integer(1), 'integer ≥ 1, or two of them [height, width],'),
  overlap: pair(number(0, 0.95), 'number from 0 to 0.95, or two of them [height, width],'),
  combine: oneOf(['nms', 'merge', 'concat']),
  metric: oneOf(['iou', 'ios']),
  matchThreshold: fraction,
  threshold: fraction,
  batchSize: integer(1),
  signal: abortSignal,
} satisfies OptionChecks<SliceOptions>;

/**
 * Finds small objects in a large image: the model predicts on windows of it, and what is found in several is combined. The
 * numbers are those of PaddleDetection's `--slice_infer`, which `paddlelab infer` has, too. Masks of instances are of the
 * whole image.
 *
 * @throws PaddleLabError as `predict`; MODEL_UNSUPPORTED for models that do not find objects
 *
 * @example
 * import { loadModel, predictSlices } from 'paddlelab';
 * const detector = await loadModel('models/shapes_det_picodet', { task: 'detection' });
 * const { detections } = await predictSlices(detector, 'shapes.png', { size: 160, combine: 'merge' });
 * console.log(detections.length);
 */
export async function predictSlices<T extends SliceTask>(
  model: Model<T>,
  image: ImageInput,
  options: SliceOptions = {},
): Promise<ResultByTask[T]> {
  if (!(model instanceof Model)) throw invalidArgument('model', 'model from loadModel', model);
  const given = readOptions<SliceOptions>('predictSlices', options, checks);
  checkSliceTask(model.kind);
  const { size, overlap, combine, metric, matchThreshold, threshold, batchSize = 1, signal } = given;
  const settings = {
    size: both(size) ?? defaultSlices.size,
    overlap: both(overlap) ?? defaultSlices.overlap,
    combine: combine ?? defaultSlices.combine,
    metric: metric ?? defaultSlices.metric,
    threshold: matchThreshold ?? defaultSlices.threshold,
  };
  const sessions = SessionPool.open(model.session, 1);
  const checked = { threshold, raw: false, probabilities: false, batchSize, signal };
  const outcome = await predictWindows(model as Model, sessions, image, settings, checked);
  if (outcome.kind === 'failed') throw outcome.error;
  return outcome.result as ResultByTask[T];
}

type Pair = readonly [height: number, width: number];

function both(value: number | Pair | undefined): Pair | undefined {
  return typeof value === 'number' ? [value, value] : value;
}

function pair(check: Check<number>, expected: string): Check<number | Pair> {
  return (name, value) => {
    if (typeof value === 'number') return check(name, value);
    if (!Array.isArray(value) || value.length !== 2) throw invalidArgument(name, expected, value);
    return [check(`${name}[0]`, value[0]), check(`${name}[1]`, value[1])];
  };
}
