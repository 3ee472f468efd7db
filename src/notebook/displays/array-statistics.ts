/** The elements of any numeric array, as numbers. */
export type Numbers = ArrayLike<number | bigint | boolean>;

export interface Statistics {
  min: number;
  max: number;
  mean: number;
  /** Number of NaN or infinite elements; the figures above ignore them. */
  notFinite: number;
}

export function statisticsOf(data: Numbers): Statistics {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  let sum = 0;
  let notFinite = 0;
  for (let i = 0; i < data.length; i += 1) {
    const value = Number(data[i]);
    if (!Number.isFinite(value)) {
      notFinite += 1;
      continue;
    }
    if (value < min) min = value;
    if (value > max) max = value;
    sum += value;
  }
  return { min, max, mean: sum / (data.length - notFinite), notFinite };
}

/** `min 0, max 1, mean 0.4987`; empty for an array without finite numbers. */
export function describeStatistics(data: Numbers): string {
  if (data.length === 0) return 'empty';
  const { min, max, mean, notFinite } = statisticsOf(data);
  const odd = notFinite === 0 ? '' : `, ${notFinite} NaN or infinite`;
  if (notFinite === data.length) return odd.slice(2);
  return `min ${short(min)}, max ${short(max)}, mean ${short(mean)}${odd}`;
}

export function short(value: number): string {
  return String(Number(value.toPrecision(5)));
}

/** The first and the last values. */
export function abbreviate(data: Numbers, shown = 8): string {
  const list = (from: number, to: number): string[] =>
    Array.from({ length: to - from }, (_, i) => {
      const value = data[from + i];
      return typeof value === 'number' ? short(value) : String(value);
    });
  if (data.length <= shown) return `[${list(0, data.length).join(', ')}]`;
  const half = Math.floor(shown / 2);
  return `[${[...list(0, half), '…', ...list(data.length - half, data.length)].join(', ')}]`;
}
