import { invalidArgument } from '../validate';
import { packBfloat16, packFloat16, widenBfloat16, widenFloat16 } from './half-floats';

/** Element types of Paddle's tensors. */
export type DataType = 'float32' | 'int64' | 'int32' | 'uint8' | 'int8' | 'float16' | 'bool' | 'float64' | 'bfloat16';

/** The array of a tensor's elements; `float16` and `bfloat16` are widened to `Float32Array`. */
export type TensorData = Float32Array | Float64Array | BigInt64Array | Int32Array | Uint8Array | Int8Array;

interface DataTypeRow {
  /** Paddle's DataType number, the same in 2.6 and 3.x. */
  readonly code: number;
  /** Creates the array from Paddle's bytes, without a copy if JavaScript has the element type. */
  readonly wrap: (buffer: ArrayBuffer) => TensorData;
  /** The array class required for an input of this type. */
  readonly input: { new (length: number): TensorData; readonly name: string };
  /** Converts the array for Paddle, if Paddle's representation differs from JavaScript's. */
  readonly pack?: (data: TensorData) => ArrayBufferView;
}

const rows: Record<DataType, DataTypeRow> = {
  float32: { code: 0, wrap: (buffer) => new Float32Array(buffer), input: Float32Array },
  int64: { code: 1, wrap: (buffer) => new BigInt64Array(buffer), input: BigInt64Array },
  int32: { code: 2, wrap: (buffer) => new Int32Array(buffer), input: Int32Array },
  uint8: { code: 3, wrap: (buffer) => new Uint8Array(buffer), input: Uint8Array },
  int8: { code: 4, wrap: (buffer) => new Int8Array(buffer), input: Int8Array },
  float16: { code: 5, wrap: widenFloat16, input: Float32Array, pack: packFloat16 },
  bool: { code: 6, wrap: (buffer) => new Uint8Array(buffer), input: Uint8Array },
  float64: { code: 7, wrap: (buffer) => new Float64Array(buffer), input: Float64Array },
  bfloat16: { code: 8, wrap: widenBfloat16, input: Float32Array, pack: packBfloat16 },
};

const names = Object.keys(rows) as DataType[];

/** Paddle's number of a data type. */
export function dataTypeCode(dtype: DataType): number {
  return rows[dtype].code;
}

/** The data type for Paddle's number; undefined for −1 and unknown numbers. */
export function dataTypeFromCode(code: number): DataType | undefined {
  return names.find((name) => rows[name].code === code);
}

/** Creates tensor data from Paddle's bytes. */
export function wrapTensorData(dtype: DataType, buffer: ArrayBuffer): TensorData {
  return rows[dtype].wrap(buffer);
}

/** Refuses data whose array class does not match its data type. */
export function checkTensorData(name: string, dtype: DataType, data: unknown): TensorData {
  const row = rows[dtype];
  if (row === undefined) throw invalidArgument(`${name}.dtype`, `one of ${names.join(', ')}`, dtype);
  if (!(data instanceof row.input)) throw invalidArgument(`${name}.data`, `${row.input.name} (${dtype})`, data);
  // A C++ bool other than 0 or 1 is undefined behaviour.
  if (dtype === 'bool' && (data as Uint8Array).some((value) => value > 1)) {
    throw invalidArgument(`${name}.data`, 'Uint8Array of 0 and 1 (bool)', data);
  }
  return data;
}

/** The default data type of an array class; `Uint8Array` is uint8. */
export function dataTypeOfArray(data: unknown): DataType | undefined {
  return names.find((name) => data instanceof rows[name].input);
}

/** Whether an array class can represent a type: `Float32Array` also float16 and bfloat16, `Uint8Array` also bool. */
export function holdsDataType(data: unknown, dtype: DataType): boolean {
  return rows[dtype] !== undefined && data instanceof rows[dtype].input;
}

/** The bytes for Paddle: the array itself, or a packed copy. */
export function packTensorData(dtype: DataType, data: TensorData): ArrayBufferView {
  return rows[dtype].pack?.(data) ?? data;
}

/**
 * Bytes per element. Paddle's own function returns −1 for most types.
 *
 * @example
 * paddle.getNumBytesOfDataType('int64'); // 8
 */
export function getNumBytesOfDataType(dtype: DataType): number {
  const row = rows[dtype];
  if (row === undefined) throw invalidArgument('dtype', `one of ${names.join(', ')}`, dtype);
  return packTensorData(dtype, new row.input(1)).byteLength;
}
