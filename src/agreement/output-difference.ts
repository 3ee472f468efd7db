import type { TensorData } from '../inference/data-type';

/** The compared properties of a tensor. */
export interface ComparedTensor {
  readonly shape: readonly number[];
  readonly data: TensorData;
}

/** The difference of the network's raw outputs from the baseline's, over all elements of all images. */
export interface OutputDifference {
  readonly maxAbs: number;
  readonly meanAbs: number;
  /** `maxAbs` relative to the largest element of the baseline. */
  readonly relative: number;
  /** Cosine similarity of the two as vectors; 1 if they are the same. */
  readonly cosine: number;
}

/** Undefined if shapes differ, for example because a different number of objects was found. */
export function compareOutputs(
  baseline: readonly (readonly ComparedTensor[])[],
  found: readonly (readonly ComparedTensor[])[],
): OutputDifference | undefined {
  const sums = { count: 0, total: 0, products: 0, squaresA: 0, squaresB: 0, largest: 0, maxAbs: 0 };
  for (const [i, feed] of baseline.entries()) {
    for (const [j, { data, shape }] of feed.entries()) {
      const other = found[i]?.[j];
      if (other === undefined || other.shape.join() !== shape.join()) return undefined;
      for (let at = 0; at < data.length; at++) {
        const [a, b] = [Number(data[at]), Number(other.data[at])];
        if (Object.is(a, b)) {
          if (!Number.isFinite(a)) continue;
        } else if (!Number.isFinite(a) || !Number.isFinite(b)) {
          return {
            maxAbs: Number.POSITIVE_INFINITY,
            meanAbs: Number.POSITIVE_INFINITY,
            relative: Number.POSITIVE_INFINITY,
            cosine: 0,
          };
        }
        const difference = Math.abs(a - b);
        sums.count++;
        sums.total += difference;
        sums.products += a * b;
        sums.squaresA += a * a;
        sums.squaresB += b * b;
        if (difference > sums.maxAbs) sums.maxAbs = difference;
        if (Math.abs(a) > sums.largest) sums.largest = Math.abs(a);
      }
    }
  }
  const { count, total, products, squaresA, squaresB, largest, maxAbs } = sums;
  const length = Math.sqrt(squaresA * squaresB);
  return {
    maxAbs,
    meanAbs: count === 0 ? 0 : total / count,
    relative: largest === 0 ? maxAbs : maxAbs / largest,
    cosine: length === 0 ? (maxAbs === 0 ? 1 : 0) : Math.min(1, products / length),
  };
}
