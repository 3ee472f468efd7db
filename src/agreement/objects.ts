import { decodeRle } from '../image/rle';
import type { RleMask } from '../results';
import { type AgreementKind, formatDifference } from './agreement-kind';
import { type Matchable, matchObjects } from './match-objects';

/** How the objects that were found compare with those of a baseline on the same images. */
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

/** What is compared of an object; a score or a mask is where both have one. */
interface Found extends Matchable {
  readonly mask?: RleMask | undefined;
}

const matchIou = 0.5;

/** Pairs every object of the baseline with the best one of its class that is still free. */
export function compareObjects(baseline: readonly Found[], found: readonly Found[]): ObjectAgreement {
  const { pairs, onlyFirst } = matchObjects(found, baseline, matchIou);
  let maxScoreDifference = 0;
  let maxBoxDifference = 0;
  let minMaskIou: number | undefined;
  for (const [partner, expected] of pairs) {
    maxScoreDifference = Math.max(maxScoreDifference, Math.abs((partner.score ?? 1) - (expected.score ?? 1)));
    const corners = partner.box.map((value, i) => Math.abs(value - (expected.box[i] as number)));
    maxBoxDifference = Math.max(maxBoxDifference, ...corners);
    if (expected.mask !== undefined && partner.mask !== undefined) {
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

export const objectAgreement: AgreementKind<ObjectAgreement> = {
  merge: (a, b) => ({
    kind: 'objects',
    matched: a.matched + b.matched,
    expected: a.expected + b.expected,
    extra: a.extra + b.extra,
    maxScoreDifference: Math.max(a.maxScoreDifference, b.maxScoreDifference),
    maxBoxDifference: Math.max(a.maxBoxDifference, b.maxBoxDifference),
    ...minOfMasks(a, b),
  }),
  share: ({ matched, expected, extra }) => (expected + extra === 0 ? 1 : matched / (expected + extra)),
  agrees: ({ matched, expected, extra, maxScoreDifference, maxBoxDifference, minMaskIou }, tolerance) =>
    matched === expected &&
    extra === 0 &&
    maxScoreDifference <= tolerance.value &&
    maxBoxDifference <= tolerance.boxPixels &&
    (minMaskIou ?? 1) >= tolerance.maskIou,
  describe: ({ matched, expected, extra, maxScoreDifference, minMaskIou }) => {
    const objects = `${matched} of ${expected} objects${extra > 0 ? `, ${extra} extra` : ''}`;
    const scores = matched === 0 ? '' : `, scores ± ${formatDifference(maxScoreDifference)}`;
    return `${objects}${scores}${minMaskIou === undefined ? '' : `, masks ≥ ${minMaskIou.toFixed(3)} IoU`}`;
  },
};

function minOfMasks(a: ObjectAgreement, b: ObjectAgreement): Pick<ObjectAgreement, 'minMaskIou'> {
  if (a.minMaskIou === undefined && b.minMaskIou === undefined) return {};
  return { minMaskIou: Math.min(a.minMaskIou ?? 1, b.minMaskIou ?? 1) };
}
