import { type MaskRuns, maskRuns, sharedPixels } from '../image/rle-overlap';
import type { Box, RleMask } from '../results';

/** `iou`: intersection over union; `ios`: intersection over the smaller of the two. */
export type OverlapMetric = 'iou' | 'ios';

/**
 * How much two boxes overlap, 0 to 1.
 *
 * @param lastPixel 1 if sides include their last pixel, as in some of Paddle's scripts
 */
export function boxOverlap(a: Box, b: Box, metric: OverlapMetric, lastPixel: 0 | 1 = 0): number {
  const side = (from: number, to: number) => Math.max(0, to - from + lastPixel);
  const area = ([x1, y1, x2, y2]: Box) => side(x1, x2) * side(y1, y2);
  const shared = side(Math.max(a[0], b[0]), Math.min(a[2], b[2])) * side(Math.max(a[1], b[1]), Math.min(a[3], b[3]));
  return share(shared, area(a), area(b), metric);
}

/** How much two masks of one image overlap, 0 to 1. */
export function maskOverlap(a: MaskRuns, b: MaskRuns, metric: OverlapMetric): number {
  return share(sharedPixels(a, b), a.area, b.area, metric);
}

function share(shared: number, a: number, b: number, metric: OverlapMetric): number {
  return shared === 0 ? 0 : shared / (metric === 'iou' ? a + b - shared : Math.min(a, b));
}

/** An object that may have a mask. */
interface Overlapping {
  readonly box: Box;
  readonly mask?: RleMask;
}

/** How much two of some objects overlap; each mask is parsed once. */
export function overlapOf(by: 'box' | 'mask', metric: OverlapMetric): (a: Overlapping, b: Overlapping) => number {
  if (by === 'box') return (a, b) => boxOverlap(a.box, b.box, metric);
  const parsed = new Map<RleMask, MaskRuns>();
  const runsOf = (mask: RleMask): MaskRuns => {
    const runs = parsed.get(mask) ?? maskRuns(mask);
    parsed.set(mask, runs);
    return runs;
  };
  return (a, b) => maskOverlap(runsOf(a.mask as RleMask), runsOf(b.mask as RleMask), metric);
}
