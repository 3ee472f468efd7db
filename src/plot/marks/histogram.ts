import { rectangle } from '../svg';
import type { HistogramTrace } from '../types';
import type { Mark } from './mark';

interface Bin {
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

export const histogram: Mark<HistogramTrace> = {
  extent(trace) {
    const bins = binsOf(trace);
    return { x: bins.flatMap(({ from, to }) => [from, to]), y: bins.map(({ count }) => count) };
  },
  fromZero: () => 'y',
  draw(trace, { x, y }, color) {
    const fill = trace.marker?.color ?? color;
    return binsOf(trace)
      .map(({ from, to, count }) =>
        rectangle(x.place(from), y.place(0), x.place(to), y.place(count), `${fill}cc`, { color: '#ffffff' }),
      )
      .join('');
  },
};

function binsOf({ x, nbinsx, xbins }: HistogramTrace): Bin[] {
  const values = x.filter(Number.isFinite);
  if (xbins !== undefined)
    return binsBetween(values, xbins.start, xbins.size, Math.round((xbins.end - xbins.start) / xbins.size));
  if (values.length === 0) return [];
  const low = values.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
  const high = values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  const count = Math.max(1, nbinsx ?? Math.ceil(Math.sqrt(values.length)));
  return binsBetween(values, low, (high - low) / count || 1, count);
}

/** Tolerance, as a fraction of a bin, for values just below an edge, because float32 and the division round. */
const rounding = 1e-5;

function binsBetween(values: readonly number[], low: number, width: number, count: number): Bin[] {
  const counts = new Array<number>(count).fill(0);
  for (const value of values) {
    const bin = Math.max(0, Math.min(count - 1, Math.floor((value - low) / width + rounding)));
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return counts.map((found, i) => ({ from: low + i * width, to: low + (i + 1) * width, count: found }));
}
