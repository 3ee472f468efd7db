import type { YamlNode } from '../yaml/yaml-file';
import type { Interpolation } from './geometry';
import type { PreprocessStep } from './pipeline';
import type { PipelineState } from './state';

/** Facts about the model that an operator may need besides its own arguments. */
export interface OperatorContext {
  /** Architecture, as named in the configuration. */
  readonly arch: string;
}

/** Reads one operator from a configuration. */
export interface PreprocessOperator {
  /** Its name in the configuration. */
  readonly type: string;
  /** Its known keys, without `type`; `any` if they don't matter. */
  readonly keys: readonly string[] | 'any';
  /** Reads and checks its arguments. */
  read(node: YamlNode, context: OperatorContext): PreprocessStep;
}

/** A larger side is a mistake in the configuration. */
export const maximumSide = 16384;

/** `[height, width]` from an integer or a list of two. */
export function readSize(node: YamlNode, order = '[height, width]'): [number, number] {
  if (!Array.isArray(node.value)) {
    const side = node.integer(1, maximumSide);
    return [side, side];
  }
  return readPair(node, `integer or ${order}`);
}

/** A list of two sides. */
export function readPair(node: YamlNode, expected: string): [number, number] {
  const [first, second, ...rest] = node.list();
  if (first === undefined || second === undefined || rest.length > 0) throw node.expected(expected);
  return [first.integer(1, maximumSide), second.integer(1, maximumSide)];
}

export function readTriple(node: YamlNode): [number, number, number] {
  const [a, b, c, ...rest] = node.list();
  if (a === undefined || b === undefined || c === undefined || rest.length > 0)
    throw node.expected('list of 3 numbers');
  return [a.number(), b.number(), c.number()];
}

/** Three non-zero divisors. */
export function readDivisors(node: YamlNode): [number, number, number] {
  const values = readTriple(node);
  if (values.includes(0)) throw node.expected('3 numbers other than 0');
  return values;
}

export function readInterpolation(node: YamlNode | undefined, fallback: Interpolation = 1): Interpolation {
  return node === undefined ? fallback : (node.integer(0, 4) as Interpolation);
}

/** The index of a name in a list of choices. */
export function readName<const T extends string>(node: YamlNode | undefined, names: readonly T[], fallback: T): T {
  if (node === undefined) return fallback;
  const name = node.string();
  if (!(names as readonly string[]).includes(name)) throw node.expected(`one of ${names.join(', ')}`);
  return name as T;
}

/** An operator without arguments and with a single effect. */
export function plainOperator(type: string, apply: (state: PipelineState) => PipelineState): PreprocessOperator {
  return { type, keys: [], read: () => ({ type, parameters: {}, apply }) };
}

/** An operator that occurs in configurations but is only meant for training. */
export function trainingOperator(type: string): PreprocessOperator {
  return {
    type,
    keys: 'any',
    read(node) {
      throw (node.get('type') ?? node).error(
        `${type} changes images at random for training; a model can't be run with it`,
        'MODEL_UNSUPPORTED',
      );
    },
  };
}
