import { elementCount, type Tensor } from '../../inference/tensor';
import type { AnsweredOutput, InferAnswer } from './answer';
import { unpackByteStrings } from './byte-strings';
import { elementsFromJson } from './json-elements';
import type { RemotePort } from './metadata';
import type { Port } from './ports';
import { RemoteError } from './remote-error';
import { outOfRange, textType, wireNames, wireType } from './wire-types';

/**
 * The outputs of an answer in the order of `ports`; all of them, in the server's order, if there are no ports.
 *
 * @throws RemoteError if they are not what the server's own description promises
 */
export function decodeOutputs(url: string, ports: readonly Port[], { outputs, bytes }: InferAnswer): Tensor[] {
  const places = new Map<string, { output: AnsweredOutput; bytes: Buffer }>();
  let at = 0;
  for (const output of outputs) {
    const size = typeof output.content === 'number' ? output.content : 0;
    places.set(output.name, { output, bytes: bytes.subarray(at, at + size) });
    at += size;
  }
  const wanted = ports.length > 0 ? ports : outputs.map((output) => ({ name: output.name, remote: output }));
  return wanted.map(({ name, remote }) => {
    const found = places.get(remote.name);
    if (found === undefined) {
      const names = outputs.map((output) => `"${output.name}"`).join(', ') || 'none';
      throw new RemoteError(url, `Expected output "${remote.name}" but the server answered ${names}`);
    }
    return { ...decode(url, remote, found.output, found.bytes), name };
  });
}

function decode(url: string, port: RemotePort, output: AnsweredOutput, bytes: Buffer): Omit<Tensor, 'name'> {
  const { name, datatype, shape, content } = output;
  if (!wireNames.includes(datatype)) {
    throw new RemoteError(
      url,
      `Expected one of ${wireNames.join(', ')} for output "${name}" but the server answered ${datatype}`,
    );
  }
  if (datatype !== port.datatype) {
    throw new RemoteError(
      url,
      `Expected ${port.datatype} for output "${name}", as its description says, but the server answered ${datatype}`,
    );
  }
  const fits = shape.every((extent, i) => port.shape[i] === -1 || port.shape[i] === extent);
  if (port.shape.length > 0 && (shape.length !== port.shape.length || !fits)) {
    const expected = `shape [${port.shape}] (−1 is any) for output "${name}", as its description says,`;
    throw new RemoteError(url, `Expected ${expected} but the server answered [${shape}]`);
  }
  return datatype === textType ? decodeTexts(url, output, bytes) : decodeTensor(url, output, content, bytes);
}

function decodeTensor(
  url: string,
  { name, datatype, shape }: AnsweredOutput,
  content: AnsweredOutput['content'],
  bytes: Buffer,
): Omit<Tensor, 'name'> {
  const type = wireType(datatype)!;
  const count = elementCount(shape);
  const place = `output "${name}" of ${datatype}[${shape}]`;
  if (typeof content === 'number') {
    if (content !== count * type.bytes) {
      throw new RemoteError(
        url,
        `Expected ${count * type.bytes} bytes for ${place} but the server answered ${content}`,
      );
    }
    // A copy, because the elements of a tensor must be aligned.
    const { buffer, byteOffset, length } = bytes;
    const data = type.wrap(buffer.slice(byteOffset, byteOffset + length) as ArrayBuffer);
    const outside = outOfRange(type, data);
    if (outside === undefined) return { dtype: type.dtype, shape, data, lod: [] };
    throw new RemoteError(url, `Expected values of ${type.dtype} for ${place} but the server answered ${outside}`);
  }
  const data = elementsFromJson(type, content);
  if (typeof data === 'string')
    throw new RemoteError(url, `Expected values of ${type.dtype} for ${place} but the server answered ${data}`);
  if (data.length === count) return { dtype: type.dtype, shape, data, lod: [] };
  throw new RemoteError(url, `Expected ${count} elements for ${place} but the server answered ${data.length}`);
}

/** Texts are their bytes one after the other; `lod` has where each begins, and `strings` the same as texts. */
function decodeTexts(url: string, { name, shape, content }: AnsweredOutput, bytes: Buffer): Omit<Tensor, 'name'> {
  const place = `output "${name}" of ${textType}[${shape}]`;
  const elements = typeof content === 'number' ? unpackByteStrings(bytes) : textsOf(content);
  if (elements?.length !== elementCount(shape)) {
    const found = elements === undefined ? 'lengths or values that do not fit' : `${elements.length} elements`;
    throw new RemoteError(
      url,
      `Expected ${elementCount(shape)} elements for ${place} but the server answered ${found}`,
    );
  }
  const data = Uint8Array.from(Buffer.concat(elements));
  const offsets = [0];
  for (const { length } of elements) offsets.push(offsets.at(-1)! + length);
  const strings = elements.map((element) => element.toString('utf8'));
  return { dtype: 'uint8', shape: [data.length], data, lod: [offsets], strings };
}

function textsOf(values: readonly unknown[]): Buffer[] | undefined {
  const flat = values.flat(Number.POSITIVE_INFINITY) as unknown[];
  return flat.every((value) => typeof value === 'string') ? flat.map((text) => Buffer.from(text as string)) : undefined;
}
