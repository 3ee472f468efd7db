import { PaddleLabError } from '../../errors';
import type { RunInputs } from '../../inference/feeds';
import { elementCount } from '../../inference/tensor';
import type { WireTensor } from '../../open-inference/tensor-elements';
import { nearest } from '../../validate';
import { type ServedPort, sessionInput } from './ports';
import { wrongRequest } from './refusals';

/**
 * Checks the tensors of a request against the model's inputs: names, data types, shapes.
 *
 * @throws PaddleLabError INVALID_ARGUMENT, TOO_LARGE
 */
export function checkTensors(
  ports: readonly ServedPort[],
  tensors: readonly WireTensor[],
  maxElements: number,
): RunInputs {
  const given = new Map<string, WireTensor>();
  for (const tensor of tensors) {
    checkName(ports, tensor.name, 'input');
    if (given.has(tensor.name)) throw wrongRequest(`one input "${tensor.name}"`, 'two');
    given.set(tensor.name, tensor);
  }
  return Object.fromEntries(
    ports.map((port) => {
      const tensor = given.get(port.name);
      if (tensor === undefined) throw wrongRequest(`a tensor for input "${port.name}"`, 'none');
      checkTensor(port, tensor, maxElements);
      return [port.name, sessionInput(tensor)];
    }),
  );
}

/**
 * The places of the wanted outputs; all of them if none are named.
 *
 * @throws PaddleLabError INVALID_ARGUMENT
 */
export function checkOutputs(ports: readonly ServedPort[], wanted: readonly string[] | undefined): readonly number[] {
  if (wanted === undefined || wanted.length === 0) return ports.map((_, i) => i);
  if (new Set(wanted).size < wanted.length) throw wrongRequest('each output once', wanted.join(', ').slice(0, 200));
  for (const name of wanted) checkName(ports, name, 'output');
  return wanted.map((name) => ports.findIndex((port) => port.name === name));
}

function checkName(ports: readonly ServedPort[], name: string, what: string): void {
  if (ports.some((port) => port.name === name)) return;
  const names = ports.map((port) => port.name);
  const near = name.length > 200 ? undefined : nearest(name, names);
  const hint = near === undefined ? `${what}s: ${names.join(', ')}` : `did you mean "${near}"?`;
  throw new PaddleLabError(
    'INVALID_ARGUMENT',
    `This model has no ${what} ${JSON.stringify(name.slice(0, 100))}; ${hint}`,
  );
}

function checkTensor(port: ServedPort, { name, datatype, shape }: WireTensor, maxElements: number): void {
  if (datatype !== port.datatype) throw wrongRequest(`${port.datatype} for input "${name}"`, datatype);
  const fits =
    port.shape.length === 0 ||
    (shape.length === port.shape.length && port.shape.every((extent, i) => extent === -1 || extent === shape[i]));
  if (!fits || shape.some((extent) => extent < 1)) {
    throw wrongRequest(`shape [${port.shape}] (−1 is any) for input "${name}"`, `[${shape.slice(0, 32)}]`);
  }
  const count = elementCount(shape);
  if (count <= maxElements) return;
  throw new PaddleLabError(
    'TOO_LARGE',
    `Input "${name}" has ${count} elements, but this server takes at most ${maxElements}; send smaller batches, or raise --max-elements`,
  );
}
