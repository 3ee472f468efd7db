import type { NativeFetch } from '../../native/paddle-types';
import { type DataType, dataTypeFromCode, type TensorData, wrapTensorData } from '../data-type';

/** An output, subsampled if it is large: enough to compare the results of two engines. */
export interface SampledTensor {
  readonly dtype: DataType | undefined;
  readonly shape: readonly number[];
  readonly data: TensorData;
}

const mostSamples = 2 ** 20;
/**
 * Largest allowed difference of floats, relative to the largest value: somewhat more than reordering float32 arithmetic
 * can cause.
 */
const floatTolerance = 0.01;
/** Share of integers (class labels, mask pixels) that may differ, because ties may be resolved differently. */
const integerTolerance = 0.02;
const boxColumns = 6;

export function sampleTensor(fetched: NativeFetch): SampledTensor {
  const dtype = dataTypeFromCode(fetched.type);
  const shape = [...fetched.shape];
  if (dtype === undefined) return { dtype, shape, data: new Uint8Array(0) };
  const data = wrapTensorData(dtype, fetched.data);
  const stride = Math.ceil(data.length / mostSamples);
  if (stride <= 1) return { dtype, shape, data };
  const sampled = data.slice(0, Math.ceil(data.length / stride));
  for (let i = 0; i < sampled.length; i++) (sampled as Float32Array)[i] = (data as Float32Array)[i * stride] ?? 0;
  return { dtype, shape, data: sampled };
}

/** Whether the results of two engines agree, within what a different order of float32 arithmetic explains. */
export function agree(expected: readonly SampledTensor[], actual: readonly SampledTensor[]): boolean {
  if (expected.length !== actual.length) return false;
  const boxes = expected.findIndex(isBoxes);
  const [expectedBoxes, actualBoxes] = [expected[boxes], actual[boxes]];
  if (expectedBoxes === undefined || actualBoxes === undefined)
    return expected.every((a, i) => sameTensor(a, actual[i]!));
  if (expected.every((a, i) => sameTensor(a, actual[i]!))) return true;
  // Boxes may be in another order, and low-scoring ones may be missing; the same holds for outputs with one entry per
  // box.
  return isBoxes(actualBoxes) && sameBoxes(expectedBoxes, actualBoxes);
}

/**
 * Whether outputs can distinguish a correct engine from a wrong one: some output has two different numbers, or is a
 * single non-integer. Zeros, a constant map or the 1 of a softmax over one class could also come from an engine that
 * computes nothing.
 */
export function tellEnginesApart(outputs: readonly SampledTensor[]): boolean {
  return outputs.some(({ data }) => {
    const values = data as ArrayLike<number | bigint>;
    let first: number | bigint | undefined;
    for (let i = 0; i < values.length; i++) {
      const value = values[i]!;
      if (typeof value === 'number' && !Number.isFinite(value)) continue;
      if (first !== undefined && value !== first) return true;
      first = value;
    }
    return values.length === 1 && typeof first === 'number' && !Number.isInteger(first);
  });
}

function sameTensor(a: SampledTensor, b: SampledTensor): boolean {
  if (a.dtype !== b.dtype || String(a.shape) !== String(b.shape) || a.data.length !== b.data.length) return false;
  return a.data instanceof Float32Array || a.data instanceof Float64Array
    ? sameFloats(a.data, b.data as Float32Array)
    : sameIntegers(a.data, b.data);
}

function sameFloats(a: Float32Array | Float64Array, b: Float32Array | Float64Array): boolean {
  let largest = 0;
  let difference = 0;
  for (let i = 0; i < a.length; i++) {
    const [x = 0, y = 0] = [a[i], b[i]];
    if (Object.is(x, y) || x === y) {
      largest = Math.max(largest, Number.isFinite(x) ? Math.abs(x) : 0);
      continue;
    }
    if (!Number.isFinite(x) || !Number.isFinite(y)) return false;
    largest = Math.max(largest, Math.abs(x));
    difference = Math.max(difference, Math.abs(x - y));
  }
  return difference <= floatTolerance * Math.max(largest, 1e-6);
}

function sameIntegers(a: TensorData, b: TensorData): boolean {
  let different = 0;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) different++;
  return different <= a.length * integerTolerance;
}

/** `[N, 6]`: class, score and corners, the format of Paddle's detectors. */
function isBoxes({ dtype, shape }: SampledTensor): boolean {
  return dtype === 'float32' && shape.length === 2 && shape[1] === boxColumns;
}

function sameBoxes(a: SampledTensor, b: SampledTensor): boolean {
  const [first, second] = [rowsOf(a), rowsOf(b)];
  return isCovered(first, second) && isCovered(second, first);
}

function rowsOf({ data }: SampledTensor): number[][] {
  const rows: number[][] = [];
  for (let i = 0; i + boxColumns <= data.length; i += boxColumns) rows.push(Array.from(data.slice(i, i + 6), Number));
  return rows;
}

/** Whether each of the high-scoring boxes has a match on the other side. */
function isCovered(rows: readonly number[][], others: readonly number[][]): boolean {
  const best = rows.reduce((score, row) => Math.max(score, row[1] ?? 0), 0);
  const clear = rows.filter((row) => (row[1] ?? 0) >= Math.max(0.3, best / 2));
  return clear.every((row) =>
    others.some((other) => other[0] === row[0] && Math.abs(other[1]! - row[1]!) <= 0.05 && overlap(row, other) >= 0.9),
  );
}

/** Intersection over union. */
function overlap(a: readonly number[], b: readonly number[]): number {
  const [ax1 = 0, ay1 = 0, ax2 = 0, ay2 = 0] = a.slice(2);
  const [bx1 = 0, by1 = 0, bx2 = 0, by2 = 0] = b.slice(2);
  const width = Math.max(0, Math.min(ax2, bx2) - Math.max(ax1, bx1));
  const height = Math.max(0, Math.min(ay2, by2) - Math.max(ay1, by1));
  const union = (ax2 - ax1) * (ay2 - ay1) + (bx2 - bx1) * (by2 - by1) - width * height;
  return union > 0 ? (width * height) / union : 0;
}
