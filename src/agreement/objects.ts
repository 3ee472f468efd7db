import { maskRuns, sharedPixels } from '../image/rle-overlap';
import type { RleMask } from '../results';
import { type AgreementKind, formatDifference } from './agreement-kind';
import { type Matchable, matchObjects } from './match-objects';

/** How detected objects agree with those of a baseline for the same images. */
export interface ObjectAgreement {
  readonly kind: 'objects';
  /** Objects of the baseline that have a match: same class, IoU ≥ 0.5. */
  readonly matched: number;
  /** Number of objects of the baseline. */
  readonly expected: number;
  /** Objects without a match in the baseline. */
  readonly extra: number;
  /** Largest difference of score between matched objects. */
  readonly maxScoreDifference: number;
  /** Largest difference of a box coordinate between matched objects, in pixels. */
  readonly maxBoxDifference: number;
  /** Smallest IoU of the masks of matched objects; absent without masks. */
  readonly minMaskIou?: number;
}

/** The compared properties of an object; scores and masks are compared if both objects have them. */
interface Found extends Matchable {
  readonly mask?: RleMask | undefined;
}

const matchIou = 0.5;

/** Matches every object of the baseline with the best unmatched object of its class. */
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
  const [first, second] = [maskRuns(a), maskRuns(b)];
  const both = sharedPixels(first, second);
  const either = first.area + second.area - both;
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
