import { PaddleLabError } from '../errors';
import { invalidArgument } from '../validate';

/** Element types of Paddle's tensors. */
export type DataType = 'float32' | 'int64' | 'int32' | 'uint8' | 'int8' | 'float16' | 'bool' | 'float64' | 'bfloat16';

/** The array that holds a tensor's elements; `float16` and `bfloat16` arrive widened to `Float32Array`. */
export type TensorData = Float32Array | Float64Array | BigInt64Array | Int32Array | Uint8Array | Int8Array;

interface DataTypeRow {
  /** Paddle's DataType number, the same in 2.6 and 3.x. */
  readonly code: number;
  /** From the bytes that Paddle gave, without a copy where the element type exists in JavaScript. */
  readonly wrap: (buffer: ArrayBuffer) => TensorData;
  /** The array class that an input of this type must be; none where inputs of the type can't be given yet. */
  readonly input?: { new (length: number): TensorData; readonly name: string };
}

const rows: Record<DataType, DataTypeRow> = {
  float32: { code: 0, wrap: (buffer) => new Float32Array(buffer), input: Float32Array },
  int64: { code: 1, wrap: (buffer) => new BigInt64Array(buffer), input: BigInt64Array },
  int32: { code: 2, wrap: (buffer) => new Int32Array(buffer), input: Int32Array },
  uint8: { code: 3, wrap: (buffer) => new Uint8Array(buffer), input: Uint8Array },
  int8: { code: 4, wrap: (buffer) => new Int8Array(buffer), input: Int8Array },
  float16: { code: 5, wrap: widenFloat16 },
  bool: { code: 6, wrap: (buffer) => new Uint8Array(buffer), input: Uint8Array },
  float64: { code: 7, wrap: (buffer) => new Float64Array(buffer), input: Float64Array },
  bfloat16: { code: 8, wrap: widenBfloat16 },
};

const names = Object.keys(rows) as DataType[];

/** Paddle's number of a data type. */
export function dataTypeCode(dtype: DataType): number {
  return rows[dtype].code;
}

/** The data type that Paddle's number stands for; undefined for −1 and numbers of versions to come. */
export function dataTypeFromCode(code: number): DataType | undefined {
  return names.find((name) => rows[name].code === code);
}

/** Makes tensor data of the bytes that Paddle gave. */
export function wrapTensorData(dtype: DataType, buffer: ArrayBuffer): TensorData {
  return rows[dtype].wrap(buffer);
}

/** Refuses data whose array class does not fit its data type. */
export function checkTensorData(name: string, dtype: DataType, data: unknown): TensorData {
  const row = rows[dtype];
  if (row === undefined) throw invalidArgument(`${name}.dtype`, `one of ${names.join(', ')}`, dtype);
  if (row.input === undefined) {
    throw new PaddleLabError('INVALID_ARGUMENT', `Inputs of type ${dtype} can't be given; give float32 for ${name}`);
  }
  if (!(data instanceof row.input)) throw invalidArgument(`${name}.data`, `${row.input.name} (${dtype})`, data);
  return data;
}

/** The data type that an array stands for when none is named; `Uint8Array` is uint8. */
export function dataTypeOfArray(data: unknown): DataType | undefined {
  return names.find((name) => {
    const input = rows[name].input;
    return input !== undefined && data instanceof input;
  });
}

function widenBfloat16(buffer: ArrayBuffer): Float32Array {
  const halves = new Uint16Array(buffer);
  const bits = new Uint32Array(halves.length);
  for (let i = 0; i < halves.length; i++) bits[i] = (halves[i] as number) << 16;
  return new Float32Array(bits.buffer);
}

function widenFloat16(buffer: ArrayBuffer): Float32Array {
  const halves = new Uint16Array(buffer);
  return Float32Array.from(halves, (half) => {
    const sign = half & 0x8000 ? -1 : 1;
    const exponent = (half >> 10) & 31;
    const fraction = half & 0x3ff;
    if (exponent === 0) return sign * fraction * 2 ** -24;
    if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
    return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
  });
}
