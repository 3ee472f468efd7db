import { decodeRle } from '../image/rle';
import type { Detection, InstanceDetection, RleMask } from '../results';
import { matchObjects } from '../visualize/match-objects';

/** How the objects that a backend found compare with those of the baseline on the same images. */
export interface ObjectAgreement {
  readonly kind: 'objects';
  /** Objects of the baseline that have a partner: same class, IoU ≥ 0.5. */
  readonly matched: number;
  /** Objects of the baseline. */
  readonly expected: number;
  /** Objects without a partner in the baseline. */
  readonly extra: number;
  /** Largest difference of score between partners. */
  readonly maxScoreDifference: number;
  /** Largest difference of a box coordinate between partners, in pixels. */
  readonly maxBoxDifference: number;
  /** Smallest IoU of the masks of partners; absent without masks. */
  readonly minMaskIou?: number;
}

type Found = Detection | InstanceDetection;

const matchIou = 0.5;

/** Pairs every object of the baseline with the best one of its class that is still free. */
export function compareObjects(baseline: readonly Found[], found: readonly Found[]): ObjectAgreement {
  const { pairs, onlyFirst } = matchObjects(found, baseline, matchIou);
  let maxScoreDifference = 0;
  let maxBoxDifference = 0;
  let minMaskIou: number | undefined;
  for (const [partner, expected] of pairs) {
    maxScoreDifference = Math.max(maxScoreDifference, Math.abs(partner.score - expected.score));
    const corners = partner.box.map((value, i) => Math.abs(value - (expected.box[i] as number)));
    maxBoxDifference = Math.max(maxBoxDifference, ...corners);
    if ('mask' in expected && 'mask' in partner) {
      minMaskIou = Math.min(minMaskIou ?? 1, maskIou(expected.mask, partner.mask));
    }
  }
  const masks = minMaskIou === undefined ? {} : { minMaskIou };
  return {
    kind: 'objects',
    matched: pairs.length,
    expected: baseline.length,
    extra: onlyFirst.length,
    maxScoreDifference,
    maxBoxDifference,
    ...masks,
  };
}

function maskIou(a: RleMask, b: RleMask): number {
  if (a.counts === b.counts) return 1;
  const [first, second] = [decodeRle(a).data, decodeRle(b).data];
  let both = 0;
  let either = 0;
  for (let i = 0; i < first.length; i++) {
    const [x = 0, y = 0] = [first[i], second[i]];
    both += x & y;
    either += x | y;
  }
  return either === 0 ? 1 : both / either;
}
