import type { RunInputs, Tensor } from '../../../src';
import type { ServedPort } from './protocol-server';

const floats = [0, -0, 0.1, -3.4028234663852886e38, 1e-45, 16_777_217, 1e20];
/** By data type, which is also the name of the input. */
export const tensors = {
  BOOL: { data: Uint8Array.of(1, 0, 1), dtype: 'bool' },
  INT8: { data: Int8Array.of(-128, 127), dtype: 'int8' },
  INT16: { data: Int32Array.of(-32_768, 32_767), dtype: 'int32' },
  INT32: { data: Int32Array.of(-(2 ** 31), 2 ** 31 - 1), dtype: 'int32' },
  INT64: { data: BigInt64Array.of(-(2n ** 63n), 2n ** 63n - 1n, 2n ** 53n + 1n), dtype: 'int64' },
  UINT8: { data: Uint8Array.of(0, 255), dtype: 'uint8' },
  UINT16: { data: Int32Array.of(0, 65_535), dtype: 'int32' },
  UINT32: { data: BigInt64Array.of(0n, 2n ** 32n - 1n), dtype: 'int64' },
  UINT64: { data: BigInt64Array.of(0n, 2n ** 63n - 1n), dtype: 'int64' },
  FP32: { data: Float32Array.from(floats), dtype: 'float32' },
  FP64: { data: Float64Array.from([...floats, Number.MIN_VALUE, Number.MAX_VALUE]), dtype: 'float64' },
} as const;
export const halves = {
  FP16: { data: Float32Array.of(0, -0, 65_504, 2 ** -24, Number.POSITIVE_INFINITY), dtype: 'float16' },
  BF16: { data: Float32Array.of(0, -0, 3.3895313892515355e38, Number.NEGATIVE_INFINITY), dtype: 'bfloat16' },
} as const;

type Tensors = Readonly<Record<string, { readonly data: Tensor['data'] }>>;

export function echoInputs(from: Tensors): RunInputs {
  return Object.fromEntries(Object.entries(from).map(([name, { data }]) => [name, { data, shape: [1, data.length] }]));
}

export function echoPorts(from: Tensors): ServedPort[] {
  return Object.keys(from).map((name) => ({ name, datatype: name, shape: [1, -1] }));
}
