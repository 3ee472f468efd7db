import type { YamlNode } from '../model/yaml-file';
import type { Interpolation, PreprocessStep } from './pipeline';

/** How one operator is read from a configuration. */
export interface PreprocessOperator {
  /** Its name in the configuration. */
  readonly type: string;
  /** The keys that it knows, `type` aside. */
  readonly keys: readonly string[];
  /** Reads and checks its arguments. */
  read(node: YamlNode): PreprocessStep;
}

/** Sides beyond this are a mistake in the configuration, not a network. */
const maximumSide = 16384;

/** `[height, width]` from an integer or a list of two. */
export function readSize(node: YamlNode): [number, number] {
  if (!Array.isArray(node.value)) {
    const side = node.integer(1, maximumSide);
    return [side, side];
  }
  const [height, width, ...rest] = node.list();
  if (height === undefined || width === undefined || rest.length > 0) throw node.expected('integer or [height, width]');
  return [height.integer(1, maximumSide), width.integer(1, maximumSide)];
}

export function readTriple(node: YamlNode): [number, number, number] {
  const [a, b, c, ...rest] = node.list();
  if (a === undefined || b === undefined || c === undefined || rest.length > 0)
    throw node.expected('list of 3 numbers');
  return [a.number(), b.number(), c.number()];
}

export function readInterpolation(node: YamlNode | undefined): Interpolation {
  return node === undefined ? 1 : (node.integer(0, 4) as Interpolation);
}
