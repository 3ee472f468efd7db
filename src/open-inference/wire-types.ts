import { type DataType, packTensorData, type TensorData, wrapTensorData } from '../inference/data-type';

/** A data type of the Open Inference Protocol other than BYTES. */
export interface WireType {
  readonly name: string;
  /** Bytes per element. */
  readonly bytes: number;
  /** The type of the tensors in this library: the same one, or the next that has all its values. */
  readonly dtype: DataType;
  /** The smallest and largest value; absent for BOOL and numbers with fractions. */
  readonly range?: readonly [smallest: bigint, largest: bigint];
  /** Whether JSON can carry it. */
  readonly json: boolean;
  /** Elements as bytes, little-endian; they were checked to be in range. */
  pack(data: TensorData): ArrayBufferView;
  wrap(buffer: ArrayBuffer): TensorData;
  /** The array whose memory is the same as the bytes; absent if there is none. */
  readonly array?: new (
    buffer: ArrayBuffer,
    offset: number,
    length: number,
  ) => TensorData;
}

type Row = Omit<WireType, 'name' | 'json'> & Partial<Pick<WireType, 'json'>>;

/** A type that this library has too. */
function own(dtype: DataType, bytes: number, more: Pick<WireType, 'array' | 'range'> = {}): Row {
  const pack = (data: TensorData): ArrayBufferView => packTensorData(dtype, data);
  const wrap = (buffer: ArrayBuffer): TensorData => wrapTensorData(dtype, buffer);
  return { dtype, bytes, pack, wrap, ...more };
}

const signed = (bits: number): [bigint, bigint] => [-(2n ** BigInt(bits - 1)), 2n ** BigInt(bits - 1) - 1n];
const unsigned = (bits: number): [bigint, bigint] => [0n, 2n ** BigInt(bits) - 1n];

const rows: Readonly<Record<string, Row>> = {
  BOOL: own('bool', 1, { array: Uint8Array }),
  INT8: own('int8', 1, { range: signed(8), array: Int8Array }),
  INT16: {
    ...{ dtype: 'int32', bytes: 2, range: signed(16) },
    pack: (data) => Int16Array.from(data as Int32Array),
    wrap: (buffer) => Int32Array.from(new Int16Array(buffer)),
  },
  INT32: own('int32', 4, { range: signed(32), array: Int32Array }),
  INT64: own('int64', 8, { range: signed(64), array: BigInt64Array }),
  UINT8: own('uint8', 1, { range: unsigned(8), array: Uint8Array }),
  UINT16: {
    ...{ dtype: 'int32', bytes: 2, range: unsigned(16) },
    pack: (data) => Uint16Array.from(data as Int32Array),
    wrap: (buffer) => Int32Array.from(new Uint16Array(buffer)),
  },
  UINT32: {
    ...{ dtype: 'int64', bytes: 4, range: unsigned(32) },
    pack: (data) => Uint32Array.from(data as BigInt64Array, Number),
    wrap: (buffer) => BigInt64Array.from(Array.from(new Uint32Array(buffer), BigInt)),
  },
  // Those beyond int64 are refused in both directions.
  UINT64: { ...own('int64', 8), range: [0n, 2n ** 63n - 1n] },
  FP16: own('float16', 2),
  BF16: { ...own('bfloat16', 2), json: false },
  FP32: own('float32', 4, { array: Float32Array }),
  FP64: own('float64', 8, { array: Float64Array }),
};

const types: ReadonlyMap<string, WireType> = new Map(
  Object.entries(rows).map(([name, row]) => [name, { json: true, ...row, name }]),
);

/** What texts travel as. */
export const textType = 'BYTES';

/** All names of data types. */
export const wireNames: readonly string[] = [...types.keys(), textType];

/** The type of this name; undefined for BYTES and unknown names. */
export function wireType(name: string): WireType | undefined {
  return types.get(name);
}

/** The type of the protocol with the same elements as one of this library. */
export function wireTypeOf(dtype: DataType): WireType {
  return [...types.values()].find(
    (type) => type.dtype === dtype && !['INT16', 'UINT16', 'UINT32', 'UINT64'].includes(type.name),
  )!;
}

/** The first element that a type does not have, as a text; undefined if it has all. */
export function outOfRange({ range, name }: WireType, data: TensorData): string | undefined {
  if (name === 'BOOL') return (data as Uint8Array).find((value) => value > 1)?.toString();
  if (range === undefined) return undefined;
  const [smallest, largest] = range;
  if (data instanceof BigInt64Array) return data.find((value) => value < smallest || value > largest)?.toString();
  const [low, high] = [Number(smallest), Number(largest)];
  return (data as Int32Array).find((value) => value < low || value > high)?.toString();
}
