import { decodeLabelMap } from '../image/label-map';
import type { SemanticSegmentationResult } from '../results';
import type { AgreementKind } from './agreement-kind';

/** Semantic segmentation: the share of pixels with the same class, and mean IoU of the baseline's classes. */
export interface PixelAgreement {
  readonly kind: 'pixels';
  readonly equal: number;
  readonly meanIou: number;
}

type Segmented = Pick<SemanticSegmentationResult, 'image' | 'segments'>;

export function comparePixels(baseline: Segmented, found: Segmented): PixelAgreement {
  const expected = decodeLabelMap(baseline).data;
  const other = decodeLabelMap(found).data;
  let equal = 0;
  const both = new Map<number, number>();
  const sizes = new Map<number, number>();
  const count = (map: Map<number, number>, classId: number): void => void map.set(classId, (map.get(classId) ?? 0) + 1);
  for (let i = 0; i < expected.length; i++) {
    const [a = 0, b = 0] = [expected[i], other[i]];
    count(sizes, a);
    if (a === b) {
      equal++;
      count(both, a);
    } else {
      count(sizes, b);
    }
  }
  const classes = [...new Set(expected)];
  const ious = classes.map((classId) => (both.get(classId) ?? 0) / (sizes.get(classId) ?? 1));
  const meanIou = ious.reduce((sum, iou) => sum + iou, 0) / ious.length;
  return { kind: 'pixels', equal: equal / expected.length, meanIou };
}

export const pixelAgreement: AgreementKind<PixelAgreement> = {
  merge: (a, b) => ({
    kind: 'pixels',
    equal: Math.min(a.equal, b.equal),
    meanIou: Math.min(a.meanIou, b.meanIou),
  }),
  share: ({ equal }) => equal,
  agrees: ({ equal }, { pixels }) => equal >= pixels,
  describe: ({ equal, meanIou }) => `${(100 * equal).toFixed(3)} % of pixels, IoU ${meanIou.toFixed(4)}`,
};
