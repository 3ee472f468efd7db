import type { Classification } from '../results';
import { type AgreementKind, formatDifference } from './agreement-kind';

/**
 * Classification: the number of images with the same top class, out of all; and the largest difference of a class's
 * score.
 */
export interface ClassAgreement {
  readonly kind: 'classes';
  readonly same: number;
  readonly expected: number;
  readonly maxScoreDifference: number;
}

export function compareClasses(baseline: readonly Classification[], found: readonly Classification[]): ClassAgreement {
  const scores = new Map(found.map(({ classId, score }) => [classId, score]));
  const differences = baseline.flatMap(({ classId, score }) => {
    const other = scores.get(classId);
    return other === undefined ? [] : [Math.abs(other - score)];
  });
  const same = baseline[0]?.classId === found[0]?.classId ? 1 : 0;
  return { kind: 'classes', same, expected: 1, maxScoreDifference: Math.max(0, ...differences) };
}

export const classAgreement: AgreementKind<ClassAgreement> = {
  merge: (a, b) => ({
    kind: 'classes',
    same: a.same + b.same,
    expected: a.expected + b.expected,
    maxScoreDifference: Math.max(a.maxScoreDifference, b.maxScoreDifference),
  }),
  share: ({ same, expected }) => same / expected,
  agrees: ({ same, expected, maxScoreDifference }, { value }) => same === expected && maxScoreDifference <= value,
  describe: ({ same, expected, maxScoreDifference }) => {
    const first = expected === 1 ? (same === 1 ? 'same class' : 'other class') : `${same} of ${expected} classes`;
    return `${first}, scores ± ${formatDifference(maxScoreDifference)}`;
  },
};
