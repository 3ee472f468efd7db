import type { TextRecognitionResult } from '../results';
import { type AgreementKind, formatDifference } from './agreement-kind';

/** Lines of text: the number of images with the same text, out of all; and the largest difference of a text's score. */
export interface TextAgreement {
  readonly kind: 'texts';
  readonly same: number;
  readonly expected: number;
  readonly maxScoreDifference: number;
}

type Line = Pick<TextRecognitionResult, 'text' | 'score'>;

export function compareTexts(baseline: Line, found: Line): TextAgreement {
  const same = baseline.text === found.text;
  // The scores of different texts are those of different characters.
  const difference = same ? Math.abs(baseline.score - found.score) : 0;
  return { kind: 'texts', same: same ? 1 : 0, expected: 1, maxScoreDifference: difference };
}

export const textAgreement: AgreementKind<TextAgreement> = {
  merge: (a, b) => ({
    kind: 'texts',
    same: a.same + b.same,
    expected: a.expected + b.expected,
    maxScoreDifference: Math.max(a.maxScoreDifference, b.maxScoreDifference),
  }),
  share: ({ same, expected }) => (expected === 0 ? 1 : same / expected),
  agrees: ({ same, expected, maxScoreDifference }, { value }) => same === expected && maxScoreDifference <= value,
  describe: ({ same, expected, maxScoreDifference }) => {
    const first = expected === 1 ? (same === 1 ? 'same text' : 'other text') : `${same} of ${expected} texts`;
    return `${first}, scores ± ${formatDifference(maxScoreDifference)}`;
  },
};
