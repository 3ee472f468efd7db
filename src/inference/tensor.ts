import { PaddleLabError } from '../errors';
import type { NativeFetch } from '../native/paddle-types';
import { invalidArgument } from '../validate';
import {
  checkTensorData,
  type DataType,
  dataTypeFromCode,
  dataTypeOfArray,
  holdsDataType,
  type TensorData,
  wrapTensorData,
} from './data-type';
import { checkLod } from './lod';

/** A tensor as plain data, row-major. */
export interface Tensor {
  /** The name of its input or output. */
  readonly name: string;
  /** The element type in Paddle; float16 and bfloat16 data is widened to Float32Array. */
  readonly dtype: DataType;
  readonly shape: readonly number[];
  readonly data: TensorData;
  /** Sequence offsets of a LoD tensor (1.x models), one list per level; empty otherwise. */
  readonly lod: readonly (readonly number[])[];
  /**
   * The texts of an output that has some (BYTES of a remote model). Its `data` is then their bytes, one after the
   * other, and `lod` has where each begins and ends.
   */
  readonly strings?: readonly string[];
}

/**
 * A tensor to feed. `dtype` may be omitted: it is then the declared type if the array class can hold it (`Float32Array`
 * also for float16 and bfloat16, `Uint8Array` also for bool), else the type of the array class.
 */
export interface TensorInput {
  readonly dtype?: DataType;
  readonly shape: readonly number[];
  readonly data: TensorData;
  /** Sequence offsets, one list per level, for models that need them (1.x). */
  readonly lod?: readonly (readonly number[])[];
}

/** Texts to feed into an input of strings. */
export interface StringsInput {
  readonly strings: readonly string[];
}

/** A checked input: its number of elements and data type match its shape and declaration. */
export interface CheckedInput {
  readonly dtype: DataType;
  readonly shape: readonly number[];
  readonly data: TensorData;
  readonly lod: readonly (readonly number[])[];
}

/** Maximum number of elements: more do not fit into one ArrayBuffer. */
const maximumElements = 2 ** 31 - 1;

export function elementCount(shape: readonly number[]): number {
  return shape.reduce((count, extent) => count * extent, 1);
}

/** @throws PaddleLabError INVALID_ARGUMENT */
export function checkTensorInput(name: string, input: TensorInput, declared?: DataType): CheckedInput {
  if (typeof input !== 'object' || input === null) throw invalidArgument(name, 'tensor { shape, data }', input);
  const { shape, data, lod = [] } = input;
  checkShape(`${name}.shape`, shape);
  const dtype = input.dtype ?? dataTypeFor(data, declared);
  if (dtype === undefined) throw invalidArgument(`${name}.data`, 'typed array', data);
  const checked = checkTensorData(name, dtype, data);
  if (checked.length !== elementCount(shape)) {
    throw invalidArgument(`${name}.data.length`, `${elementCount(shape)} (shape [${shape}])`, checked.length);
  }
  checkLod(`${name}.lod`, lod, shape[0] ?? 1);
  return { dtype, shape, data: checked, lod };
}

/** @throws PaddleLabError INVALID_ARGUMENT */
export function checkShape(name: string, shape: readonly number[]): readonly number[] {
  const valid = Array.isArray(shape) && shape.every((extent) => Number.isSafeInteger(extent) && extent > 0);
  if (valid && elementCount(shape) <= maximumElements) return shape;
  throw invalidArgument(name, 'array of integers ≥ 1', JSON.stringify(shape));
}

/** Creates a tensor from Paddle's output. */
export function toTensor(fetched: NativeFetch): Tensor {
  const dtype = dataTypeFromCode(fetched.type);
  if (dtype === undefined) throw new PaddleLabError('PREDICTOR_RUN_FAILED', `Unknown data type of ${fetched.name}`);
  const { name, shape, lod } = fetched;
  return { name, dtype, shape, lod, data: wrapTensorData(dtype, fetched.data) };
}

function dataTypeFor(data: unknown, declared: DataType | undefined): DataType | undefined {
  return declared !== undefined && holdsDataType(data, declared) ? declared : dataTypeOfArray(data);
}
