import { type Agreement, agreementShare } from './agreement';
import type { MeasuredRow } from './rows';

/** What agrees, with a warning where a backend is fast and wrong. */
export function showAgreement({ agreement, agrees, outputs, ownWeights }: MeasuredRow): string {
  if (agreement === undefined) return agrees ? '' : '⚠ not to be compared';
  const shown = describeAgreement(agreement);
  // The same objects from other weights: only the numbers tell.
  const numbers =
    outputs === undefined || agrees || agreementShare(agreement) < 1 ? '' : `, outputs ± ${difference(outputs.maxAbs)}`;
  return `${agrees ? '' : '⚠ '}${shown}${numbers}${ownWeights ? ', other weights' : ''}`;
}

export function describeAgreement(agreement: Agreement): string {
  switch (agreement.kind) {
    case 'objects': {
      const { matched, expected, extra, maxScoreDifference, minMaskIou } = agreement;
      const objects = `${matched} of ${expected} objects${extra > 0 ? `, ${extra} extra` : ''}`;
      const scores = matched === 0 ? '' : `, scores ± ${difference(maxScoreDifference)}`;
      return `${objects}${scores}${minMaskIou === undefined ? '' : `, masks ≥ ${minMaskIou.toFixed(3)} IoU`}`;
    }
    case 'pixels':
      return `${(100 * agreement.equal).toFixed(3)} % of pixels, IoU ${agreement.meanIou.toFixed(4)}`;
    case 'classes': {
      const { same, expected, maxScoreDifference } = agreement;
      const first = expected === 1 ? (same === 1 ? 'same class' : 'other class') : `${same} of ${expected} classes`;
      return `${first}, scores ± ${difference(maxScoreDifference)}`;
    }
    case 'joints':
      return `joints ± ${agreement.maxDistance.toFixed(2)} px`;
    case 'tensors':
      return `values ± ${difference(agreement.maxDifference)}`;
  }
}

function difference(value: number): string {
  return value === 0 ? '0' : value.toExponential(1);
}
