import { type AgreementKind, formatDifference } from './agreement-kind';
import { type ComparedTensor, compareOutputs } from './output-difference';

/** Raw tensors: the largest difference of an element, relative to the largest element of the baseline. */
export interface TensorAgreement {
  readonly kind: 'tensors';
  readonly maxDifference: number;
}

export function compareTensors(baseline: readonly ComparedTensor[], found: readonly ComparedTensor[]): TensorAgreement {
  return { kind: 'tensors', maxDifference: compareOutputs([baseline], [found])?.relative ?? Number.POSITIVE_INFINITY };
}

export const tensorAgreement: AgreementKind<TensorAgreement> = {
  merge: (a, b) => ({ kind: 'tensors', maxDifference: Math.max(a.maxDifference, b.maxDifference) }),
  share: ({ maxDifference }) => Math.max(0, 1 - maxDifference),
  agrees: ({ maxDifference }, { value }) => maxDifference <= value,
  describe: ({ maxDifference }) => `values ± ${formatDifference(maxDifference)}`,
};
