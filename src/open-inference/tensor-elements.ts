import type { TensorData } from '../inference/data-type';
import { elementCount } from '../inference/tensor';
import { packByteStrings, unpackByteStrings } from './byte-strings';
import type { DescribedTensor, Refuse } from './described-tensor';
import { elementsFromJson, elementsToJson, flatten } from './json-elements';
import { outOfRange, textType, type WireType, wireNames, wireType } from './wire-types';

/** The elements of a tensor: numbers, or byte strings if its type is BYTES. */
export type WireElements = TensorData | readonly Buffer[];

/** A tensor of the protocol with its elements. */
export interface WireTensor {
  readonly name: string;
  readonly datatype: string;
  readonly shape: readonly number[];
  readonly elements: WireElements;
}

/**
 * The elements of a tensor that was received.
 *
 * @param what such as `input "image"`
 * @param bytes those behind the JSON object, if `content` is their number
 * @param share whether the elements may be a view of `bytes`; by default they are a copy
 */
export function decodeElements(
  what: string,
  tensor: Omit<DescribedTensor, 'name'>,
  bytes: Buffer,
  refuse: Refuse,
  share = false,
): WireElements {
  const { datatype, shape, content } = tensor;
  const place = `${what} of ${datatype}[${shape}]`;
  if (datatype === textType) return decodeTexts(place, tensor, bytes, refuse);
  const type = wireType(datatype);
  if (type === undefined) throw refuse(`one of ${wireNames.join(', ')} for ${what}`, datatype.slice(0, 80));
  const count = elementCount(shape);
  if (typeof content === 'number') {
    const size = count * type.bytes;
    if (content !== size) throw refuse(`${size} bytes for ${place}`, String(content));
    const data = elementsOf(type, bytes, share);
    const outside = outOfRange(type, data);
    if (outside === undefined) return data;
    throw refuse(`values of ${type.dtype} for ${place}`, outside);
  }
  const data = elementsFromJson(type, content);
  if (typeof data === 'string') throw refuse(`values of ${type.dtype} for ${place}`, data);
  if (data.length !== count) throw refuse(`${count} elements for ${place}`, String(data.length));
  return data;
}

/** A view if the bytes stand where such elements may be in memory; else a copy. */
function elementsOf({ array, bytes: size, wrap }: WireType, bytes: Buffer, share: boolean): TensorData {
  const { buffer, byteOffset, length } = bytes;
  if (share && array !== undefined && byteOffset % size === 0) {
    return new array(buffer as ArrayBuffer, byteOffset, length / size);
  }
  return wrap(buffer.slice(byteOffset, byteOffset + length) as ArrayBuffer);
}

function decodeTexts(
  place: string,
  { shape, content }: Omit<DescribedTensor, 'name'>,
  bytes: Buffer,
  refuse: Refuse,
): readonly Buffer[] {
  const elements = typeof content === 'number' ? unpackByteStrings(bytes) : textsOf(content);
  if (elements?.length === elementCount(shape)) return elements;
  const found = elements === undefined ? 'lengths or values that do not fit' : `${elements.length} elements`;
  throw refuse(`${elementCount(shape)} elements for ${place}`, found);
}

/** Texts of JSON, byte strings of gRPC. */
function textsOf(values: readonly unknown[]): Buffer[] | undefined {
  const flat = flatten(values);
  const known = flat.every((value) => typeof value === 'string' || Buffer.isBuffer(value));
  return known ? flat.map((value) => (Buffer.isBuffer(value) ? value : Buffer.from(value as string))) : undefined;
}

/** The elements as bytes: little-endian, row-major; byte strings with their lengths. */
export function bytesOfElements(datatype: string, elements: WireElements): Uint8Array {
  if (Array.isArray(elements)) return packByteStrings(elements as readonly Buffer[]);
  const packed = wireType(datatype)!.pack(elements as TensorData);
  return new Uint8Array(packed.buffer, packed.byteOffset, packed.byteLength);
}

/**
 * The elements as a JSON array; undefined if JSON can't carry them: infinity, BF16, bytes that are no UTF-8, and NaN
 * unless it may become `null`.
 */
export function jsonOfElements(datatype: string, elements: WireElements, nullForNan = false): string | undefined {
  if (!Array.isArray(elements)) {
    const type = wireType(datatype)!;
    return type.json ? elementsToJson(type, elements as TensorData, nullForNan) : undefined;
  }
  const texts = (elements as readonly Buffer[]).map((element) => {
    const text = element.toString('utf8');
    return Buffer.from(text, 'utf8').equals(element) ? text : undefined;
  });
  return texts.includes(undefined) ? undefined : JSON.stringify(texts);
}
