import { formatDifference } from '../agreement/agreement-kind';
import { agreementShare, describeAgreement } from '../agreement/agreements';
import type { MeasuredRow } from './rows';

/** What agrees, with a warning where a backend is fast and wrong. */
export function showAgreement({ agreement, agrees, outputs, ownWeights }: MeasuredRow): string {
  if (agreement === undefined) return agrees ? '' : '⚠ not to be compared';
  const shown = describeAgreement(agreement);
  // The same objects from other weights: only the numbers tell.
  const numbers =
    outputs === undefined || agrees || agreementShare(agreement) < 1
      ? ''
      : `, outputs ± ${formatDifference(outputs.maxAbs)}`;
  return `${agrees ? '' : '⚠ '}${shown}${numbers}${ownWeights ? ', other weights' : ''}`;
}
