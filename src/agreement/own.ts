import { type AgreementKind, formatDifference } from './agreement-kind';

/** What a task of your own says of two results. */
export interface OwnAgreement {
  readonly kind: 'own';
  /** Part of what the baseline found that is the same, 0 to 1. */
  readonly same: number;
  /** Largest difference of a number in what is the same; full agreement takes what the precision's arithmetic explains. */
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
