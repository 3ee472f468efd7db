import { objectIn, shownJson } from '../../open-inference/described-tensor';
import { sharedMemoryExtension } from '../../open-inference/shared-memory';
import { textType, wireNames } from '../../open-inference/wire-types';
import { RemoteError } from './remote-error';

/** An input or output as a server describes it; −1 is a dynamic dimension. */
export interface RemotePort {
  readonly name: string;
  readonly datatype: string;
  readonly shape: readonly number[];
}

/** What a server says about itself. */
export interface ServerFacts {
  /** Name and version, such as `triton 2.50.0`. */
  readonly title: string;
  /** Whether it takes tensors as bytes. */
  readonly binary: boolean;
  /** Whether it takes tensors in shared memory. */
  readonly sharedMemory: boolean;
}

/** What a server says about a model. */
export interface ModelFacts {
  readonly inputs: readonly RemotePort[];
  readonly outputs: readonly RemotePort[];
}

export function readServerFacts(url: string, answer: unknown): ServerFacts {
  const { name, version, extensions } = objectOf(url, 'metadata of a server', answer);
  const title = [name, version].filter((part) => typeof part === 'string' && part !== '').join(' ');
  const has = (name: string): boolean => Array.isArray(extensions) && extensions.includes(name);
  return {
    title: title === '' ? 'a server' : title.slice(0, 100),
    binary: has('binary_tensor_data'),
    sharedMemory: has(sharedMemoryExtension),
  };
}

export function readModelFacts(url: string, answer: unknown): ModelFacts {
  const { inputs = [], outputs = [] } = objectOf(url, 'metadata of a model', answer);
  return { inputs: portsOf(url, 'inputs', inputs), outputs: portsOf(url, 'outputs', outputs) };
}

function portsOf(url: string, what: string, list: unknown): RemotePort[] {
  if (!Array.isArray(list)) throw wrong(url, `an array for ${what} of the metadata`, list);
  const ports = list.map((one: unknown, i): RemotePort => {
    const place = `${what}[${i}]`;
    const { name, datatype, shape = [] } = objectOf(url, place, one);
    if (typeof name !== 'string' || name === '') throw wrong(url, `a name for ${place}`, name);
    if (typeof datatype !== 'string' || !wireNames.includes(datatype)) {
      throw wrong(url, `one of ${wireNames.join(', ')} for the datatype of "${name}"`, datatype);
    }
    if (!Array.isArray(shape) || !shape.every((extent) => Number.isSafeInteger(extent) && extent >= -1)) {
      throw wrong(url, `integers ≥ −1 for the shape of "${name}"`, shape);
    }
    return { name, datatype, shape: shape as number[] };
  });
  const twice = ports.find(({ name }, i) => ports.findIndex((port) => port.name === name) !== i);
  if (twice !== undefined) throw new RemoteError(url, `the metadata has "${twice.name}" twice among its ${what}`);
  return ports;
}

export function objectOf(url: string, what: string, value: unknown): Readonly<Record<string, unknown>> {
  return objectIn(what, value, refusing(url));
}

/** `http://host/v2: Expected … but the server answered …`. */
export function wrong(url: string, expected: string, received: unknown): RemoteError {
  return refusing(url)(expected, shownJson(received));
}

/** The errors for what this server answered. */
export function refusing(url: string): (expected: string, received: string) => RemoteError {
  return (expected, received) => new RemoteError(url, `Expected ${expected} but the server answered ${received}`);
}

export function isText({ datatype }: Pick<RemotePort, 'datatype'>): boolean {
  return datatype === textType;
}
