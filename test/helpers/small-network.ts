import { type AttributeSpec, makeProgram, type OperatorSpec, type ProgramSpec, type VariableSpec } from './program';

const size = 5;

/** A layer; each reads the value of the one before it. */
export type Layer =
  | {
      readonly type: 'conv' | 'depthwise';
      readonly padding?: number;
      readonly bias?: 'vector' | 'column';
      /** Name of a filter that several layers share. */
      readonly filter?: string;
      /** An attribute that is left out. */
      readonly without?: string;
      readonly attributes?: Readonly<Record<string, AttributeSpec>>;
    }
  | {
      readonly type: 'mul' | 'add';
      /** By default one value; a list is a value for each channel, of shape [1, 3, 1, 1]. */
      readonly value: number | readonly number[];
      readonly scalarFirst?: boolean;
      readonly attributes?: Readonly<Record<string, AttributeSpec>>;
    }
  | { readonly type: 'relu' | 'fake_quantize_abs_max' | 'no_such_operator' };

export interface NetworkOptions {
  /** Numbers of layers whose values are outputs, besides the last. */
  readonly fetched?: readonly number[];
  readonly dtype?: VariableSpec['dtype'];
}

/** A network for an input `x` of 3 channels and 5 × 5 values, in which every layer has 3 channels. */
export function smallNetwork(
  layers: readonly Layer[],
  { fetched = [], dtype = 'float32' }: NetworkOptions = {},
): { program: Buffer; params: Buffer } {
  const variables: Record<string, VariableSpec> = { x: { dtype, shape: [-1, 3, size, size] } };
  const operators: OperatorSpec[] = [];
  let value = 'x';
  let side = size;
  const write = (type: string, inputs: OperatorSpec['inputs'], output: string, more: Partial<OperatorSpec>): void => {
    const name = `${type}_${operators.length}`;
    variables[name] = { dtype, shape: [-1, 3, side, side] };
    operators.push({ type, inputs, outputs: { [output]: name }, ...more });
    value = name;
  };
  const values = layers.map((layer, i) => {
    if (layer.type === 'conv' || layer.type === 'depthwise') {
      const groups = layer.type === 'depthwise' ? 3 : 1;
      const filter = layer.filter ?? `filter_${i}`;
      const shape = [3, 3 / groups, 3, 3];
      variables[filter] = { dtype: 'float32', shape, values: numbers(shape, i) };
      const { padding = 0, attributes = {} } = layer;
      side += 2 * padding - 2;
      const whole = { strides: [1, 1], dilations: [1, 1], groups, padding_algorithm: 'EXPLICIT', data_format: 'NCHW' };
      const all = Object.entries({ ...whole, paddings: [padding, padding], ...attributes });
      const kernel = Object.fromEntries(all.filter(([name]) => name !== layer.without));
      const type = groups === 1 ? 'conv2d' : 'depthwise_conv2d';
      write(type, { Input: value, Filter: filter }, 'Output', { attributes: kernel });
      if (layer.bias === undefined) return value;
      const along = layer.bias === 'vector' ? [3] : [1, 3, 1, 1];
      variables[`bias_${i}`] = { dtype: 'float32', shape: along, values: numbers(along, i + 7) };
      const axis = layer.bias === 'vector' ? 1 : -1;
      write('elementwise_add', { X: value, Y: `bias_${i}` }, 'Out', { attributes: { axis } });
    } else if (layer.type === 'mul' || layer.type === 'add') {
      const list = typeof layer.value === 'number' ? [layer.value] : layer.value;
      const shape = list.length === 1 ? [1] : [1, list.length, 1, 1];
      variables[`operand_${i}`] = { dtype: 'float32', shape, values: list };
      const [X, Y] = layer.scalarFirst ? [`operand_${i}`, value] : [value, `operand_${i}`];
      const attributes = { axis: -1, ...layer.attributes };
      write(`elementwise_${layer.type}`, { X, Y }, 'Out', { attributes });
    } else {
      write(layer.type, { X: value }, 'Out', {});
    }
    return value;
  });
  const spec: ProgramSpec = {
    variables,
    feeds: ['x'],
    fetches: [...fetched.map((layer) => values[layer]!), value],
    operators,
  };
  const { program, params } = makeProgram(spec);
  return { program, params: Buffer.concat([...params.values()]) };
}

/** Some numbers between −1 and 1. */
function numbers(shape: readonly number[], seed: number): number[] {
  const length = shape.reduce((product, extent) => product * extent, 1);
  return Array.from({ length }, (_, i) => Math.sin(12.9 * (i + 1) + 7.7 * seed));
}
