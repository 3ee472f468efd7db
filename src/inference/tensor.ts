import { invalidArgument } from '../validate';
import { checkTensorData, type DataType, dataTypeOfArray, type TensorData } from './data-type';

/** A tensor as plain data, row-major. */
export interface Tensor {
  /** The name of the input or output it belongs to. */
  readonly name: string;
  /** The element type in Paddle; float16 and bfloat16 data is widened to Float32Array. */
  readonly dtype: DataType;
  readonly shape: readonly number[];
  readonly data: TensorData;
  /** Offsets of the sequences in a LoD tensor (1.x models), one list a level; empty otherwise. */
  readonly lod: readonly (readonly number[])[];
}

/** A tensor to feed; `dtype` may be left out where the array's class says it. */
export interface TensorInput {
  readonly dtype?: DataType;
  readonly shape: readonly number[];
  readonly data: TensorData;
}

/** An input that was checked: as many elements as its shape says, of its data type. */
export interface CheckedInput {
  readonly dtype: DataType;
  readonly shape: readonly number[];
  readonly data: TensorData;
}

/** More elements than this don't fit into one ArrayBuffer anyway. */
const maximumElements = 2 ** 31 - 1;

export function elementCount(shape: readonly number[]): number {
  return shape.reduce((count, extent) => count * extent, 1);
}

/** @throws PaddleLabError INVALID_ARGUMENT */
export function checkTensorInput(name: string, input: TensorInput): CheckedInput {
  if (typeof input !== 'object' || input === null) throw invalidArgument(name, 'tensor { shape, data }', input);
  const { shape, data } = input;
  const valid = Array.isArray(shape) && shape.every((extent) => Number.isSafeInteger(extent) && extent > 0);
  if (!valid || elementCount(shape) > maximumElements) {
    throw invalidArgument(`${name}.shape`, 'array of integers ≥ 1', JSON.stringify(shape));
  }
  const dtype = input.dtype ?? dataTypeOfArray(data);
  if (dtype === undefined) throw invalidArgument(`${name}.data`, 'typed array', data);
  const checked = checkTensorData(name, dtype, data);
  if (checked.length !== elementCount(shape)) {
    throw invalidArgument(`${name}.data.length`, `${elementCount(shape)} (shape [${shape}])`, checked.length);
  }
  return { dtype, shape, data: checked };
}
