import type { Tolerance } from './tolerances';

/** How agreements of one kind are merged, judged and described. */
export interface AgreementKind<A> {
  /** The agreement over the images of both. */
  merge(a: A, b: A): A;
  /** The share that is the same, 0 to 1. */
  share(agreement: A): number;
  /** Whether both results are the same, within what the arithmetic of a precision explains. */
  agrees(agreement: A, tolerance: Tolerance): boolean;
  /** A few words for tables. */
  describe(agreement: A): string;
}

/** A difference as text, for example `2.1e-5`. */
export function formatDifference(value: number): string {
  return value === 0 ? '0' : value.toExponential(1);
}
