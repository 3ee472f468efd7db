import type { Axis, Coordinate } from './types';

/** Maps the coordinates of one axis to pixels. */
export interface Scale {
  readonly kind: 'linear' | 'log' | 'category';
  readonly ticks: readonly { readonly at: number; readonly text: string }[];
  /** The pixel position of a coordinate; NaN if the axis does not have it. */
  place(value: Coordinate): number;
  /** Pixels per unit, or per category. */
  readonly unit: number;
  /** The visible range of the data; exponents of 10 on a logarithmic axis. */
  readonly range: readonly [number, number];
}

/** The requirements of the traces for an axis. */
export interface Extent {
  readonly values: readonly Coordinate[];
  /** Whether it has to include zero, as for bars. */
  readonly fromZero: boolean;
  /** Whether the data fill it to the ends, like the cells of a heat map. */
  readonly tight: boolean;
}

/** @param from,to pixel positions of the axis' start and end */
export function makeScale(axis: Axis, extent: Extent, from: number, to: number, count: number): Scale {
  const kind = axis.type ?? (extent.values.some((value) => typeof value === 'string') ? 'category' : 'linear');
  const [start, end] = axis.autorange === 'reversed' ? [to, from] : [from, to];
  if (kind === 'category') return categories(extent.values, start, end);
  const project = kind === 'log' ? Math.log10 : (value: number): number => value;
  const numbers = extent.values.map((value) => project(Number(value))).filter(Number.isFinite);
  const [low, high] = axis.range ?? paddedRange(numbers, extent, kind);
  const unit = (end - start) / (high - low);
  const place = (value: Coordinate): number => start + (project(Number(value)) - low) * unit;
  const ends = [Math.min(low, high), Math.max(low, high)] as const;
  const values = axis.tickvals ?? (kind === 'log' ? logTicks(...ends) : linearTicks(...ends, count));
  const suffix = axis.ticksuffix ?? '';
  const ticks = values.map((value) => ({ at: place(value), text: `${shortNumber(value)}${suffix}` }));
  return { kind, ticks, place, unit: Math.abs(unit), range: [low, high] };
}

function categories(values: readonly Coordinate[], start: number, end: number): Scale {
  const names = [...new Set(values.map(String))];
  const unit = (end - start) / Math.max(1, names.length);
  const positions = new Map(names.map((name, i) => [name, start + (i + 0.5) * unit]));
  const ticks = names.map((name) => ({ at: positions.get(name) ?? Number.NaN, text: name }));
  const place = (value: Coordinate): number => positions.get(String(value)) ?? Number.NaN;
  return { kind: 'category', ticks, place, unit: Math.abs(unit), range: [-0.5, names.length - 0.5] };
}

function paddedRange(
  numbers: readonly number[],
  { fromZero, tight }: Extent,
  kind: 'linear' | 'log',
): [number, number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of numbers) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (low > high) return [0, 1];
  if (tight && low < high) return [low, high];
  const zero = fromZero && kind === 'linear';
  if (zero) [low, high] = [Math.min(0, low), Math.max(0, high)];
  if (low === high)
    return kind === 'log' ? [low - 0.5, high + 0.5] : [low - (Math.abs(low) || 1), high + (Math.abs(high) || 1)];
  const padding = (high - low) * 0.07;
  return [zero && low === 0 ? 0 : low - padding, zero && high === 0 ? 0 : high + padding];
}

/** Round numbers at steps of 1, 2 or 5 times a power of ten. */
export function linearTicks(low: number, high: number, count: number): number[] {
  const raw = (high - low) / Math.max(1, count);
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = ([1, 2, 5, 10].find((factor) => factor * power >= raw) ?? 10) * power;
  const ticks: number[] = [];
  for (let i = Math.ceil(low / step); i * step <= high + step * 1e-9; i++) ticks.push(i * step);
  return ticks;
}

/** Round numbers between two exponents of 10, more of them for a small range. */
export function logTicks(low: number, high: number): number[] {
  const factors = high - low > 3 ? [1] : high - low > 1 ? [1, 2, 5] : [1, 1.5, 2, 3, 5, 7];
  const ticks: number[] = [];
  for (let power = Math.floor(low); power <= Math.ceil(high); power++) {
    for (const factor of factors) {
      const value = factor * 10 ** power;
      if (Math.log10(value) >= low - 1e-9 && Math.log10(value) <= high + 1e-9) ticks.push(value);
    }
  }
  // Within a small part of a decade the axis is nearly linear.
  return ticks.length < minTicks ? linearTicks(10 ** low, 10 ** high, 5).filter((value) => value > 0) : ticks;
}

/** With fewer ticks an axis is not readable. */
const minTicks = 3;

/** Integers from 0 up to a count. */
export function countTicks(most: number): number[] {
  return linearTicks(0, Math.max(1, most), 6).filter(Number.isInteger);
}

export function shortNumber(value: number): string {
  if (value !== 0 && (Math.abs(value) >= 1e6 || Math.abs(value) < 1e-4))
    return value.toExponential().replace('e+', 'e');
  return String(Number(value.toPrecision(6)));
}
