import { type AgreementKind, formatDifference } from './agreement-kind';

/** The agreement of two results of a custom task. */
export interface OwnAgreement {
  readonly kind: 'own';
  /** The share of the baseline's result that is the same, 0 to 1. */
  readonly same: number;
  /**
   * Largest difference of a number in the equal part; full agreement allows what the precision's arithmetic explains.
   */
  readonly maxDifference: number;
}

export const ownAgreement: AgreementKind<OwnAgreement> = {
  merge: (a, b) => ({
    kind: 'own',
    same: Math.min(a.same, b.same),
    maxDifference: Math.max(a.maxDifference, b.maxDifference),
  }),
  share: ({ same }) => same,
  agrees: ({ same, maxDifference }, { value }) => same === 1 && maxDifference <= value,
  describe: ({ same, maxDifference }) => `${(100 * same).toFixed(1)} % the same, ± ${formatDifference(maxDifference)}`,
};
