import { formatDifference } from '../agreement/agreement-kind';
import { agreementShare, describeAgreement } from '../agreement/agreements';
import type { Accuracy } from './accuracy';
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

/** `71.59`, and for others than the baseline `71.48 (−0.11, −0.30 to +0.05)`; a dash if there is no figure. */
export function showAccuracy(accuracy: Accuracy | undefined): string {
  if (accuracy?.kind !== 'measured' || accuracy.value === undefined) return '–';
  const value = (100 * accuracy.value).toFixed(2);
  const { difference } = accuracy;
  if (difference === undefined) return value;
  const { interval } = difference;
  const range = interval === undefined ? '' : `, ${signed(interval.low)} to ${signed(interval.high)}`;
  return `${value} (${signed(difference.value)}${range})`;
}

function signed(share: number): string {
  const text = (100 * Math.abs(share)).toFixed(2);
  if (text === '0.00') return '0';
  return share < 0 ? `−${text}` : `+${text}`;
}
