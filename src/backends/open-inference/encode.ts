import { PaddleLabError } from '../../errors';
import { findDeclared, type RunInputs } from '../../inference/feeds';
import { checkTensorInput, elementCount, type StringsInput, type TensorInput } from '../../inference/tensor';
import { bytesOfElements, jsonOfElements } from '../../open-inference/tensor-elements';
import { outOfRange, wireType } from '../../open-inference/wire-types';
import { invalidArgument } from '../../validate';
import { isText } from './metadata';
import { declaredInput, type Port } from './ports';

/** A checked input, which is written in the form that a server takes. */
export interface EncodedInput {
  /** The server's name. */
  readonly name: string;
  readonly datatype: string;
  readonly shape: readonly number[];
  readonly bytes: () => Uint8Array;
  /** @throws PaddleLabError INVALID_ARGUMENT if JSON can't carry it */
  readonly json: () => string;
}

/** @throws PaddleLabError INVALID_ARGUMENT */
export function encodeInputs(ports: readonly Port[], inputs: RunInputs): EncodedInput[] {
  if (typeof inputs !== 'object' || inputs === null) throw invalidArgument('inputs', 'tensors by name', inputs);
  const declared = ports.map(declaredInput);
  for (const name of Object.keys(inputs)) findDeclared(declared, name);
  return ports.map((port) => {
    const input = inputs[port.name];
    if (input === undefined) {
      throw new PaddleLabError('INVALID_ARGUMENT', `Expected a tensor for input "${port.name}"`);
    }
    return isText(port.remote) ? encodeTexts(port, input) : encodeTensor(port, input);
  });
}

function encodeTensor({ name, remote }: Port, input: TensorInput | StringsInput): EncodedInput {
  const type = wireType(remote.datatype)!;
  if (typeof input === 'object' && input !== null && 'strings' in input) {
    throw new PaddleLabError('INVALID_ARGUMENT', `Expected ${type.dtype} for input "${name}" but received strings`);
  }
  const { dtype, shape, data, lod } = checkTensorInput(name, input, type.dtype);
  if (dtype !== type.dtype) {
    const wanted = `${type.dtype} (the server's ${type.name})`;
    throw new PaddleLabError('INVALID_ARGUMENT', `Expected ${wanted} for input "${name}" but received ${dtype}`);
  }
  if (lod.length > 0) {
    throw new PaddleLabError('INVALID_ARGUMENT', `Input "${name}" has lod, which the protocol of this server lacks`);
  }
  const outside = outOfRange(type, data);
  if (outside !== undefined) {
    throw new PaddleLabError(
      'INVALID_ARGUMENT',
      `Expected values of ${type.name} for input "${name}" but received ${outside}`,
    );
  }
  const bytes = (): Uint8Array => bytesOfElements(type.name, data);
  const json = (): string => {
    const text = jsonOfElements(type.name, data);
    if (text !== undefined) return text;
    throw noJson(name, type.json ? 'NaN and infinity' : type.name);
  };
  return { name: remote.name, datatype: type.name, shape, bytes, json };
}

function encodeTexts({ name, remote }: Port, input: TensorInput | StringsInput): EncodedInput {
  const { elements, shape } =
    'strings' in input ? textsOf(name, input, remote.shape) : byteStringsOf(name, input, remote.shape);
  const json = (): string => {
    const text = jsonOfElements(remote.datatype, elements);
    if (text !== undefined) return text;
    throw noJson(name, 'bytes that are no UTF-8');
  };
  return {
    name: remote.name,
    datatype: remote.datatype,
    shape,
    json,
    bytes: () => bytesOfElements(remote.datatype, elements),
  };
}

interface ByteStrings {
  readonly elements: readonly Buffer[];
  readonly shape: readonly number[];
}

function textsOf(name: string, { strings }: StringsInput, declared: readonly number[]): ByteStrings {
  const valid = Array.isArray(strings) && strings.length > 0 && strings.every((text) => typeof text === 'string');
  if (!valid) throw invalidArgument(`${name}.strings`, 'array of strings', strings);
  const elements = strings.map((text) => Buffer.from(text, 'utf8'));
  return { elements, shape: shapeOfTexts(declared, strings.length) };
}

/** The first open dimension takes as many as there are; others are 1. */
function shapeOfTexts(declared: readonly number[], count: number): readonly number[] {
  const fixed = elementCount(declared.filter((extent) => extent > 0));
  const first = declared.indexOf(-1);
  const shape = declared.map((extent, i) => (extent > 0 ? extent : i === first ? count / fixed : 1));
  // Whether another shape is accepted is the server's to say.
  return shape.length > 0 && elementCount(shape) === count && shape.every(Number.isInteger) ? shape : [count];
}

/** Elements of any bytes, such as encoded pictures: one after the other in `data`, and where each begins in `lod`. */
function byteStringsOf(name: string, input: TensorInput, declared: readonly number[]): ByteStrings {
  const { data, lod, dtype } = checkTensorInput(name, input, 'uint8');
  if (dtype !== 'uint8') throw invalidArgument(name, '{ strings } or a tensor of uint8 (the server’s BYTES)', dtype);
  const offsets = lod[0] ?? [0, data.length];
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  const elements = offsets.slice(1).map((end, i) => bytes.subarray(offsets[i], end));
  return { elements, shape: shapeOfTexts(declared, elements.length) };
}

function noJson(name: string, what: string): PaddleLabError {
  return new PaddleLabError(
    'INVALID_ARGUMENT',
    `Input "${name}" has ${what}, which JSON can't carry, and the server does not announce that it takes bytes; ` +
      'if it does, set backend.binary to true',
  );
}
