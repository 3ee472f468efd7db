import type { NativePort } from '../native/paddle-types';
import { type DataType, dataTypeFromCode } from './data-type';
import type { OutlineInput } from './program-check/program-desc';

/** An input or output as declared in the program file; −1 marks a dynamic dimension. */
export interface DeclaredInput {
  readonly name: string;
  /** `string` for an input of texts (see `StringsInput`), `unknown` for a type without a name in this library. */
  readonly dtype: DataType | 'string' | 'unknown';
  readonly shape: readonly number[];
}

/** An output as declared in the program file. */
export type DeclaredOutput = DeclaredInput;

/**
 * Names come from Paddle, in its order; types and shapes come from the program file, if it declares them. Paddle's own
 * query returns float32 for every input of a Paddle 3 program, and throws for some outputs of older ones.
 */
export function declaredPorts(ports: readonly NativePort[], outline: readonly OutlineInput[]): DeclaredInput[] {
  const described = new Map(outline.map((port) => [port.name, port]));
  return ports.map(({ name, type, shape }) => {
    const found = described.get(name);
    const dtype = found?.dtype ?? dataTypeFromCode(type) ?? 'unknown';
    return { name, dtype, shape: found?.shape ?? shape };
  });
}
