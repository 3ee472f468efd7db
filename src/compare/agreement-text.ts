import { formatDifference } from '../agreement/agreement-kind';
import { agreementShare, describeAgreement } from '../agreement/agreements';
import type { MeasuredRow } from './rows';

/** The agreement as text, with a warning if a backend is fast but wrong. */
export function showAgreement({ agreement, agrees, outputs, ownWeights }: MeasuredRow): string {
  if (agreement === undefined) return agrees ? '' : '⚠ not comparable';
  const shown = describeAgreement(agreement);
  // The same objects with other weights: only the numbers show the difference.
  const numbers =
    outputs === undefined || agrees || agreementShare(agreement) < 1
      ? ''
      : `, outputs ± ${formatDifference(outputs.maxAbs)}`;
  return `${agrees ? '' : '⚠ '}${shown}${numbers}${ownWeights ? ', other weights' : ''}`;
}
