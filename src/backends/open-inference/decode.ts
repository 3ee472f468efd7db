import type { TensorData } from '../../inference/data-type';
import type { Tensor } from '../../inference/tensor';
import type { ReceivedTensor } from '../../open-inference/described-tensor';
import { decodeElements } from '../../open-inference/tensor-elements';
import { textType, wireNames, wireType } from '../../open-inference/wire-types';
import { type RemotePort, refusing } from './metadata';
import type { Port } from './ports';
import { RemoteError } from './remote-error';

/**
 * The outputs of an answer in the order of `ports`; all of them, in the server's order, if there are no ports.
 *
 * @throws RemoteError if they are not what the server's own description promises
 */
export function decodeOutputs(url: string, ports: readonly Port[], outputs: readonly ReceivedTensor[]): Tensor[] {
  const byName = new Map(outputs.map((output) => [output.name, output]));
  const wanted = ports.length > 0 ? ports : outputs.map((output) => ({ name: output.name, remote: output }));
  return wanted.map(({ name, remote }) => {
    const found = byName.get(remote.name);
    if (found === undefined) {
      const names = outputs.map((output) => `"${output.name}"`).join(', ') || 'none';
      throw new RemoteError(url, `Expected output "${remote.name}" but the server answered ${names}`);
    }
    return { ...decode(url, remote, found), name };
  });
}

function decode(url: string, port: RemotePort, output: ReceivedTensor): Omit<Tensor, 'name'> {
  const { name, datatype, shape } = output;
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
  const elements = decodeElements(`output "${name}"`, output, output.bytes, refusing(url));
  if (datatype === textType) return textsAsTensor(elements as readonly Buffer[]);
  return { dtype: wireType(datatype)!.dtype, shape, data: elements as TensorData, lod: [] };
}

/** Texts are their bytes one after the other; `lod` has where each begins, and `strings` the same as texts. */
function textsAsTensor(elements: readonly Buffer[]): Omit<Tensor, 'name'> {
  const data = Uint8Array.from(Buffer.concat(elements));
  const offsets = [0];
  for (const { length } of elements) offsets.push(offsets.at(-1)! + length);
  const strings = elements.map((element) => element.toString('utf8'));
  return { dtype: 'uint8', shape: [data.length], data, lod: [offsets], strings };
}
