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

function bestPartner(expected: Found, candidates: ReadonlySet<Found>): Found | undefined {
  let best: Found | undefined;
  let bestIou = matchIou;
  for (const candidate of candidates) {
    if (candidate.classId !== expected.classId) continue;
    const iou = intersectionOverUnion(expected.box, candidate.box);
    if (iou >= bestIou) {
      best = candidate;
      bestIou = iou;
    }
  }
  return best;
}

export function intersectionOverUnion(a: Box, b: Box): number {
  const width = Math.min(a[2], b[2]) - Math.max(a[0], b[0]);
  const height = Math.min(a[3], b[3]) - Math.max(a[1], b[1]);
  const intersection = Math.max(0, width) * Math.max(0, height);
  const area = (box: Box): number => Math.max(0, box[2] - box[0]) * Math.max(0, box[3] - box[1]);
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
