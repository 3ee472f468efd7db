import { line, px, rectangle } from '../svg';
import type { BoxTrace, Coordinate } from '../types';
import type { Mark } from './mark';

/** The statistics shown by a box. */
export interface Quartiles {
  readonly q1: number;
  readonly median: number;
  readonly q3: number;
  /** The most distant values within 1.5 times the interquartile range from the quartiles. */
  readonly whiskers: readonly [number, number];
  readonly outliers: readonly number[];
}

export const box: Mark<BoxTrace> = {
  extent(trace, index) {
    const place: Coordinate[] = [nameOf(trace, index)];
    return isUpright(trace) ? { x: place, y: trace.y ?? [] } : { x: trace.x ?? [], y: place };
  },
  draw(trace, plot, automatic, index) {
    const upright = isUpright(trace);
    const values = (upright ? trace.y : trace.x) ?? [];
    if (values.length === 0) return '';
    const color = trace.marker?.color ?? automatic;
    const [along, across] = upright ? [plot.y, plot.x] : [plot.x, plot.y];
    const middle = across.place(nameOf(trace, index));
    const half = Math.min(40, across.unit * 0.5) / 2;
    const { q1, median, q3, whiskers, outliers } = quartilesOf(values);
    const at = (value: number, offset: number): [number, number] =>
      upright ? [middle + offset, along.place(value)] : [along.place(value), middle + offset];
    const stroke = { color, width: 1.5 };
    const parts = [
      line(...at(whiskers[0], 0), ...at(q1, 0), stroke),
      line(...at(q3, 0), ...at(whiskers[1], 0), stroke),
      ...whiskers.map((value) => line(...at(value, -half / 2), ...at(value, half / 2), stroke)),
      rectangle(...at(q1, -half), ...at(q3, half), `${color}40`, stroke),
      line(...at(median, -half), ...at(median, half), { color, width: 2.5 }),
    ];
    if (trace.boxpoints !== false) {
      for (const [x, y] of outliers.map((value) => at(value, 0))) {
        parts.push(`<circle cx="${px(x)}" cy="${px(y)}" r="2" fill="${color}"/>`);
      }
    }
    return parts.join('');
  },
};

function isUpright(trace: BoxTrace): boolean {
  return trace.y !== undefined;
}

function nameOf(trace: BoxTrace, index: number): string {
  return trace.name ?? `trace ${index}`;
}

export function quartilesOf(values: readonly number[]): Quartiles {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number): number => {
    const place = (sorted.length - 1) * share;
    const below = sorted[Math.floor(place)] ?? Number.NaN;
    return below + ((sorted[Math.ceil(place)] ?? below) - below) * (place % 1);
  };
  const [q1, median, q3] = [at(0.25), at(0.5), at(0.75)];
  const [low, high] = [q1 - 1.5 * (q3 - q1), q3 + 1.5 * (q3 - q1)];
  const inside = sorted.filter((value) => value >= low && value <= high);
  const whiskers = [inside[0] ?? median, inside.at(-1) ?? median] as const;
  return { q1, median, q3, whiskers, outliers: sorted.filter((value) => value < low || value > high) };
}
