import { PaddleLabError } from '../../errors';
import type { OutlineInput, ProgramOutline } from '../../inference/program-check/program-desc';
import type { DeclaredInput } from '../../inference/program-ports';
import { textType, wireType, wireTypeOf } from '../../open-inference/wire-types';
import { nearest } from '../../validate';
import type { ModelFacts, RemotePort } from './metadata';
import { RemoteError } from './remote-error';

/** An input or output of a remote model. */
export interface Port {
  /** The name in this library: that of the export, if there is one. */
  readonly name: string;
  /** The server's name and declaration. */
  readonly remote: RemotePort;
}

/** Inputs and outputs in the order of the export; without one, in that of the server. */
export interface Ports {
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
}

/**
 * Finds each input and output of the export among those of the server: by the names that the user gave, by the same
 * name, or because it is the only one.
 *
 * @throws PaddleLabError REMOTE_FAILED, INVALID_ARGUMENT
 */
export function matchPorts(
  url: string,
  exported: Pick<ProgramOutline, 'inputs' | 'outputs'> | undefined,
  facts: ModelFacts,
  names: Readonly<Record<string, string>> = {},
): Ports {
  const known = exported ?? facts;
  checkNames(
    names,
    [...known.inputs, ...known.outputs].map(({ name }) => name),
  );
  if (exported === undefined && facts.inputs.length === 0) {
    throw new RemoteError(
      url,
      'the server does not say which inputs this model has; give loadModel the folder of its export, and the server by backend.url',
    );
  }
  return {
    inputs: match(url, 'input', exported?.inputs, facts.inputs, names),
    outputs: match(url, 'output', exported?.outputs, facts.outputs, names),
  };
}

function match(
  url: string,
  what: string,
  exported: readonly OutlineInput[] | undefined,
  remote: readonly RemotePort[],
  names: Readonly<Record<string, string>>,
): Port[] {
  if (exported === undefined) return remote.map((port) => ({ name: port.name, remote: port }));
  return exported.map((port) => {
    const wanted = names[port.name] ?? port.name;
    if (remote.length === 0) return { name: port.name, remote: { ...declared(port, what), name: wanted } };
    const only = exported.length === 1 && remote.length === 1 && names[port.name] === undefined ? remote[0] : undefined;
    const found = remote.find(({ name }) => name === wanted) ?? only;
    if (found !== undefined) return { name: port.name, remote: found };
    const list = (ports: readonly { readonly name: string }[]): string =>
      ports.map(({ name }) => `"${name}"`).join(', ');
    throw new RemoteError(
      url,
      `Expected ${what}s ${list(exported)} of the export but the server's model has ${list(remote)}; if it is the same ` +
        `network with other names, give them: names: { '${port.name}': '…' }`,
    );
  });
}

/**
 * What the export says of an input or output that the server does not describe. Exports are often wrong about the shapes
 * of outputs, which are known from the answer.
 */
function declared({ name, dtype, shape }: OutlineInput, what: string): RemotePort {
  return {
    name,
    shape: what === 'input' ? shape : [],
    datatype: dtype === 'string' ? textType : wireTypeOf(dtype ?? 'float32').name,
  };
}

function checkNames(names: Readonly<Record<string, string>>, known: readonly string[]): void {
  for (const name of Object.keys(names)) {
    if (known.includes(name)) continue;
    const near = nearest(name, known);
    const hint = near === undefined ? `it has ${known.join(', ')}` : `did you mean "${near}"?`;
    throw new PaddleLabError('INVALID_ARGUMENT', `This model has no input or output "${name}" for names; ${hint}`);
  }
}

/** An input as sessions declare it. */
export function declaredInput({ name, remote: { datatype, shape } }: Port): DeclaredInput {
  return { name, dtype: wireType(datatype)?.dtype ?? 'string', shape };
}
