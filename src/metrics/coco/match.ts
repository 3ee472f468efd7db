import type { AreaRange } from './parameters';

/** What is matched of a true object. */
export interface TrueObject {
  /** In pixels, of the mask or as the data set says. */
  readonly area: number;
  /** Neither a match nor a miss counts: a crowd, or an object that the data set leaves out. */
  readonly ignored: boolean;
  /** Any number of detections may match it. */
  readonly crowd: boolean;
}

/** What became of each detection of one class in one image, in the order of scores. */
export interface Matches {
  /** A bit for each threshold at which it matched a true object. */
  readonly matched: Uint16Array;
  /** A bit for each threshold at which it does not count. */
  readonly ignored: Uint16Array;
  /** True objects that count. */
  readonly truths: number;
}

/**
 * Pairs detections with true objects as pycocotools' `COCOeval.evaluateImg` does: in the order of scores, each takes
 * the true object that it overlaps most of those still free, and one that counts before one that does not.
 *
 * @param areas of the detections, best score first
 * @param overlaps of detection `d` and true object `g` at `d * truths.length + g`
 */
export function matchObjects(
  areas: readonly number[],
  truths: readonly TrueObject[],
  overlaps: Float64Array,
  thresholds: readonly number[],
  range: AreaRange,
): Matches {
  const outside = (area: number): boolean => area < range.least || area > range.most;
  const leftOut = truths.map(({ ignored, area }) => ignored || outside(area));
  // Those that count come first, in the order of the data set.
  const order = [...truths.keys()].sort((a, b) => Number(leftOut[a]) - Number(leftOut[b]));
  const counting = leftOut.filter((out) => !out).length;
  const matched = new Uint16Array(areas.length);
  const ignored = new Uint16Array(areas.length);
  const taken = new Uint8Array(truths.length);
  for (const [t, threshold] of thresholds.entries()) {
    taken.fill(0);
    const bit = 1 << t;
    for (let d = 0; d < areas.length; d++) {
      const best = bestTruth(d, threshold, { order, counting, truths, taken, overlaps });
      if (best === undefined) {
        if (outside(areas[d] as number)) ignored[d] = (ignored[d] as number) | bit;
        continue;
      }
      taken[best] = 1;
      matched[d] = (matched[d] as number) | bit;
      if (leftOut[best]) ignored[d] = (ignored[d] as number) | bit;
    }
  }
  return { matched, ignored, truths: counting };
}

interface Candidates {
  readonly order: readonly number[];
  /** So many at the beginning of the order count. */
  readonly counting: number;
  readonly truths: readonly TrueObject[];
  readonly taken: Uint8Array;
  readonly overlaps: Float64Array;
}

/** Of equal overlaps the last one is taken, as pycocotools does. */
function bestTruth(
  detection: number,
  threshold: number,
  { order, counting, truths, taken, overlaps }: Candidates,
): number | undefined {
  let least = Math.min(threshold, 1 - 1e-10);
  let best: number | undefined;
  let bestCounts = false;
  for (let i = 0; i < order.length; i++) {
    const truth = order[i] as number;
    if (taken[truth] === 1 && !truths[truth]?.crowd) continue;
    if (bestCounts && i >= counting) break;
    const overlap = overlaps[detection * truths.length + truth] as number;
    if (overlap < least) continue;
    least = overlap;
    best = truth;
    bestCounts = i < counting;
  }
  return best;
}
