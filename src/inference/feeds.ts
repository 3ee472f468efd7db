import { PaddleLabError } from '../errors';
import type { NativeFeed, NativeStrings } from '../native/paddle-types';
import { invalidArgument, nearest } from '../validate';
import { dataTypeCode, packTensorData } from './data-type';
import type { DeclaredInput } from './program-ports';
import { checkTensorInput, type StringsInput, type TensorInput } from './tensor';

/** Inputs by name. */
export type RunInputs = Readonly<Record<string, TensorInput | StringsInput>>;

/**
 * Checks all inputs of a run against the program's declarations.
 *
 * @throws PaddleLabError INVALID_ARGUMENT
 */
export function checkInputs(declared: readonly DeclaredInput[], inputs: RunInputs): (NativeFeed | NativeStrings)[] {
  if (typeof inputs !== 'object' || inputs === null) throw invalidArgument('inputs', 'tensors by name', inputs);
  for (const name of Object.keys(inputs)) findDeclared(declared, name);
  return declared.map((port) => {
    const input = inputs[port.name];
    if (input === undefined) {
      throw new PaddleLabError('INVALID_ARGUMENT', `Expected a tensor for input "${port.name}"`);
    }
    return toFeed(port, input);
  });
}

/** The input or output with this name; an unknown name is refused with the nearest one. */
export function findDeclared(ports: readonly DeclaredInput[], name: string, what = 'input'): DeclaredInput {
  const found = ports.find((port) => port.name === name);
  if (found !== undefined) return found;
  const names = ports.map((port) => port.name);
  const near = nearest(String(name), names);
  const hint = near === undefined ? `${what}s: ${names.join(', ')}` : `did you mean "${near}"?`;
  throw new PaddleLabError('INVALID_ARGUMENT', `This model has no ${what} "${name}"; ${hint}`);
}

/** Checks an input against its declaration and converts it for the native side. */
export function toFeed(declared: DeclaredInput, input: TensorInput | StringsInput): NativeFeed | NativeStrings {
  if (typeof input === 'object' && input !== null && 'strings' in input) return toStrings(declared, input.strings);
  const { name } = declared;
  // If the file does not declare a known type, the given one is used.
  const known = declared.dtype === 'unknown' ? undefined : declared.dtype;
  const { dtype, shape, data, lod } = checkTensorInput(name, input, known === 'string' ? undefined : known);
  if (known !== undefined && dtype !== known) {
    throw new PaddleLabError('INVALID_ARGUMENT', `Expected ${known} for input "${name}" but received ${dtype}`);
  }
  if (declared.shape.length > 0 && declared.shape.length !== shape.length) {
    throw new PaddleLabError(
      'INVALID_ARGUMENT',
      `Expected shape [${declared.shape}] (−1 is any) for input "${name}" but received [${shape}]`,
    );
  }
  const feed = { name, type: dataTypeCode(dtype), shape, data: packTensorData(dtype, data) };
  return lod.length === 0 ? feed : { ...feed, lod };
}

function toStrings({ name, dtype }: DeclaredInput, strings: readonly string[]): NativeStrings {
  const valid = Array.isArray(strings) && strings.length > 0 && strings.every((text) => typeof text === 'string');
  if (!valid) throw invalidArgument(`${name}.strings`, 'array of strings', strings);
  if (dtype !== 'string') {
    throw new PaddleLabError('INVALID_ARGUMENT', `Expected ${dtype} for input "${name}" but received strings`);
  }
  return { name, strings };
}
