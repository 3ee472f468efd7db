import { decodeRle } from '../image/rle';
import type { Box, Detection, InstanceDetection, RleMask } from '../results';

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
  const free = new Set(found);
  let matched = 0;
  let maxScoreDifference = 0;
  let maxBoxDifference = 0;
  let minMaskIou: number | undefined;
  for (const expected of baseline) {
    const partner = bestPartner(expected, free);
    if (partner === undefined) continue;
    free.delete(partner);
    matched++;
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
    matched,
    expected: baseline.length,
    extra: free.size,
    maxScoreDifference,
    maxBoxDifference,
    ...masks,
  };
}

/** The one with the largest IoU; of those that lie equally well, the one with the nearest score. */
function bestPartner(expected: Found, candidates: ReadonlySet<Found>): Found | undefined {
  let best: Found | undefined;
  let bestIou = matchIou;
  const offBy = ({ score }: Found): number => Math.abs(score - expected.score);
  for (const candidate of candidates) {
    if (candidate.classId !== expected.classId) continue;
    const iou = intersectionOverUnion(expected.box, candidate.box);
    if (iou > bestIou || (iou === bestIou && (best === undefined || offBy(candidate) < offBy(best)))) {
      best = candidate;
      bestIou = iou;
    }
  }
  return best;
}

/** Of boxes in pixels; those thinner than a pixel, which may have no area at all, count with half a pixel around them. */
export function intersectionOverUnion(a: Box, b: Box): number {
  const thin = [a, b].some(([left, top, right, bottom]) => right - left < 1 || bottom - top < 1);
  const around = thin ? 1 : 0;
  const side = (from: number, to: number): number => Math.max(0, to - from + around);
  const intersection =
    side(Math.max(a[0], b[0]), Math.min(a[2], b[2])) * side(Math.max(a[1], b[1]), Math.min(a[3], b[3]));
  const area = (box: Box): number => side(box[0], box[2]) * side(box[1], box[3]);
  const union = area(a) + area(b) - intersection;
  return union > 0 ? intersection / union : 0;
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
