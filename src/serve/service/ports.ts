import { isUtf8 } from 'node:buffer';
import type { DataType, TensorData } from '../../inference/data-type';
import type { DeclaredInput } from '../../inference/program-ports';
import type { StringsInput, Tensor, TensorInput } from '../../inference/tensor';
import type { WireTensor } from '../../open-inference/tensor-elements';
import { textType, wireType, wireTypeOf } from '../../open-inference/wire-types';
import { wrongRequest } from './refusals';

/** An input or output of a served model; −1 is a free dimension. */
export interface ServedPort {
  readonly name: string;
  /** The protocol's name of the data type. */
  readonly datatype: string;
  readonly shape: readonly number[];
}

export function inputPort({ name, dtype, shape }: DeclaredInput): ServedPort {
  return { name, datatype: datatypeOf(dtype), shape };
}

/**
 * An output as a run answered it. Programs are often wrong about their outputs: an extent is fixed only where program
 * and run agree, and the first one only if the inputs' is.
 */
export function outputPort(
  { name, dtype, shape, strings }: Tensor,
  declared: readonly number[] | undefined,
  fixedBatch: boolean,
): ServedPort {
  if (strings !== undefined) return { name, datatype: textType, shape: [-1] };
  const agrees = (axis: number): boolean => declared?.length === shape.length && declared[axis] === shape[axis];
  const extents = shape.map((extent, axis) => (agrees(axis) && (axis > 0 || fixedBatch) ? extent : -1));
  return { name, datatype: datatypeOf(dtype), shape: extents };
}

/** What a type that the program does not declare is taken for. */
const usual: DataType = 'float32';

function datatypeOf(dtype: DeclaredInput['dtype']): string {
  return dtype === 'string' ? textType : wireTypeOf(dtype === 'unknown' ? usual : dtype).name;
}

/** A tensor of a request as a session takes it. */
export function sessionInput({ name, datatype, shape, elements }: WireTensor): TensorInput | StringsInput {
  if (datatype !== textType) return { dtype: wireType(datatype)!.dtype, shape, data: elements as TensorData };
  const texts = elements as readonly Buffer[];
  if (!texts.every((text) => isUtf8(text))) throw wrongRequest(`texts in UTF-8 for input "${name}"`, 'other bytes');
  return { strings: texts.map((text) => text.toString('utf8')) };
}

/** An output of a session as it travels. */
export function wireOutput({ name, dtype, shape, data, lod, strings }: Tensor): WireTensor {
  if (strings === undefined) return { name, datatype: datatypeOf(dtype), shape, elements: data };
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  const [offsets = []] = lod;
  const elements = offsets.slice(1).map((end, i) => bytes.subarray(offsets[i], end));
  return { name, datatype: textType, shape: [elements.length], elements };
}
