import type { Accuracy } from './accuracy';

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
