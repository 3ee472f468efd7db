import { or } from '../image/masks';
import type { Box, Detection, InstanceDetection, RleMask } from '../results';
import { type OverlapOptions, readOverlap } from './nms';

/**
 * Joins objects that overlap at least as much as the threshold, such as the parts of one that was cut by tiles: the best
 * one of each group is kept, with the box around all of the group and the union of their masks. Best scores first.
 *
 * @throws PaddleLabError INVALID_ARGUMENT, UNKNOWN_OPTION
 *
 * @example
 * import { mergeObjects } from 'paddlelab';
 * const { detections } = await predict(model, 'shapes.png', { threshold: 0.3 });
 * console.log(mergeObjects(detections, { metric: 'ios', threshold: 0.6 }).length);
 */
export function mergeObjects<D extends Detection>(objects: readonly D[], options: OverlapOptions = {}): D[] {
  const { threshold, overlap, alike } = readOverlap('mergeObjects', objects, options);
  let left = [...objects].sort((a, b) => b.score - a.score);
  const merged: D[] = [];
  while (left.length > 0) {
    const [best, ...others] = left as [D, ...D[]];
    const group = others.filter((other) => alike(best, other) && overlap(best, other) >= threshold);
    merged.push(group.length === 0 ? best : joined(best, group));
    left = others.filter((other) => !group.includes(other));
  }
  return merged;
}

function joined<D extends Detection>(best: D, group: readonly D[]): D {
  const all = [best, ...group];
  const side = (at: 0 | 1 | 2 | 3) => all.map(({ box }) => box[at]);
  const box: Box = [Math.min(...side(0)), Math.min(...side(1)), Math.max(...side(2)), Math.max(...side(3))];
  const [mask, ...masks] = all.flatMap((object) => (object as Partial<InstanceDetection>).mask ?? []);
  if (mask === undefined) return { ...best, box };
  return { ...best, box, mask: or(mask as RleMask, ...masks) };
}
