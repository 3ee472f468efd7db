import { boolean, fraction, type OptionChecks, oneOf, readOptions } from '../options';
import type { Detection, InstanceDetection } from '../results';
import { checkMasks, checkObjects } from './check-objects';
import { type OverlapMetric, overlapOf } from './overlap';

/** Options of `nms` and `mergeObjects`. */
export interface OverlapOptions {
  /** Objects that overlap more belong together, 0.5 by default. */
  readonly threshold?: number;
  /** `iou`, the default: intersection over union; `ios`: over the smaller one, for parts of an object. */
  readonly metric?: OverlapMetric;
  /** Whether objects of different classes belong together, too; false by default. */
  readonly classAgnostic?: boolean;
  /** What is compared: boxes, the default, or masks, which all objects must have. */
  readonly by?: 'box' | 'mask';
}

/** @internal */
export const overlapChecks = {
  threshold: fraction,
  metric: oneOf(['iou', 'ios']),
  classAgnostic: boolean,
  by: oneOf(['box', 'mask']),
} satisfies OptionChecks<OverlapOptions>;

/** How objects are compared, from checked options. */
export function readOverlap<D extends Detection>(
  name: string,
  objects: readonly D[],
  options: OverlapOptions,
): { readonly threshold: number; readonly overlap: (a: D, b: D) => number; readonly alike: (a: D, b: D) => boolean } {
  const given = readOptions<OverlapOptions>(name, options, overlapChecks);
  const { threshold = 0.5, metric = 'iou', classAgnostic = false, by = 'box' } = given;
  checkObjects(objects);
  if (by === 'mask') checkMasks(objects as readonly Partial<InstanceDetection>[]);
  const alike = (a: D, b: D) => classAgnostic || a.classId === b.classId;
  return { threshold, overlap: overlapOf(by, metric), alike };
}

/**
 * Non-maximum suppression: of objects that overlap more than the threshold, only the one with the best score is kept. The
 * others stay in their order.
 *
 * @throws PaddleLabError INVALID_ARGUMENT, UNKNOWN_OPTION
 *
 * @example
 * import { nms } from 'paddlelab';
 * const { detections } = await predict(model, 'shapes.png', { threshold: 0.3 });
 * console.log(nms(detections, { threshold: 0.6, classAgnostic: true }).length);
 */
export function nms<D extends Detection>(objects: readonly D[], options: OverlapOptions = {}): D[] {
  const { threshold, overlap, alike } = readOverlap('nms', objects, options);
  return suppress(objects, (best, other) => alike(best, other) && overlap(best, other) > threshold);
}

/** Removes the objects that match a better one that is kept. */
export function suppress<D extends { readonly score: number }>(
  objects: readonly D[],
  matches: (best: D, other: D) => boolean,
): D[] {
  const suppressed = new Set<D>();
  const order = [...objects].sort((a, b) => b.score - a.score);
  for (const [i, best] of order.entries()) {
    if (suppressed.has(best)) continue;
    for (let j = i + 1; j < order.length; j++) {
      const other = order[j] as D;
      if (!suppressed.has(other) && matches(best, other)) suppressed.add(other);
    }
  }
  return objects.filter((object) => !suppressed.has(object));
}
