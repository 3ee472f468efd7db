import type { Box, Detection } from '../results';

/** How the objects that a backend found compare with those of the baseline on the same input. */
export interface Agreement {
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
}

const matchIou = 0.5;

/** Pairs every object of the baseline with the best one of its class that is still free. */
export function agreementOf(baseline: readonly Detection[], found: readonly Detection[]): Agreement {
  const free = new Set(found);
  let matched = 0;
  let maxScoreDifference = 0;
  let maxBoxDifference = 0;
  for (const expected of baseline) {
    const partner = bestPartner(expected, free);
    if (partner === undefined) continue;
    free.delete(partner);
    matched++;
    maxScoreDifference = Math.max(maxScoreDifference, Math.abs(partner.score - expected.score));
    const corners = partner.box.map((value, i) => Math.abs(value - (expected.box[i] as number)));
    maxBoxDifference = Math.max(maxBoxDifference, ...corners);
  }
  return { matched, expected: baseline.length, extra: free.size, maxScoreDifference, maxBoxDifference };
}

/** Whether both found the same objects. */
export function agreesFully({ matched, expected, extra }: Agreement): boolean {
  return matched === expected && extra === 0;
}

function bestPartner(expected: Detection, candidates: ReadonlySet<Detection>): Detection | undefined {
  let best: Detection | undefined;
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
