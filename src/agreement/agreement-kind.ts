import type { Tolerance } from './tolerances';

/** How agreements of one kind are summed up, judged and written. */
export interface AgreementKind<A> {
  /** The agreement over the images of both. */
  merge(a: A, b: A): A;
  /** How much is the same, 0 to 1. */
  share(agreement: A): number;
  /** Whether both found the same, within what the arithmetic of a precision explains. */
  agrees(agreement: A, tolerance: Tolerance): boolean;
  /** In a few words, as tables have it. */
  describe(agreement: A): string;
}

/** A difference as text, such as `2.1e-5`. */
export function formatDifference(value: number): string {
  return value === 0 ? '0' : value.toExponential(1);
}
