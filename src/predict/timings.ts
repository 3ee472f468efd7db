import type { Timings } from '../results';

const keys = ['decodeMs', 'preprocessMs', 'inferenceMs', 'postprocessMs'] as const;

/** The times of several predictions together; what a prediction does not say counts as 0. */
export function sumTimings(all: readonly Partial<Timings>[]): Timings {
  const sum: Record<(typeof keys)[number], number> = {
    decodeMs: 0,
    preprocessMs: 0,
    inferenceMs: 0,
    postprocessMs: 0,
  };
  for (const timings of all) for (const key of keys) sum[key] += timings[key] ?? 0;
  return sum;
}
