import { isPlainConvolution, isPlainElementwise } from './known-attributes';
import type { ProgramGraph } from './program-graph';
import type { ProgramOperator } from './program-operator';

/** A convolution whose weights may change, because nothing else reads them. */
export interface Convolution {
  readonly operator: ProgramOperator;
  /** A parameter of shape [output channels, …]. */
  readonly filter: string;
  /** The parameter that is added to its result, with one value for each output channel; absent without one. */
  readonly bias?: string;
  /** The operator with the complete result: the addition of the bias, or the convolution itself. */
  readonly last: ProgramOperator;
}

const convolutions = ['conv2d', 'depthwise_conv2d'];

/** The convolution with this result, if nothing else reads what is between. */
export function convolutionBefore(value: string, graph: ProgramGraph): Convolution | undefined {
  const last = graph.writer(value);
  if (last === undefined) return undefined;
  const between = last.inputs.get('X')?.[0];
  const operator = between !== undefined && isBiasAddition(last) ? graph.writer(between) : last;
  return operator && withBias(operator, last, graph);
}

/** The convolution that reads this value, if it is the only reader. */
export function convolutionAfter(value: string, graph: ProgramGraph): Convolution | undefined {
  const operator = graph.onlyReader(value);
  if (operator === undefined || operator.inputs.get('Input')?.[0] !== value) return undefined;
  const result = operator.outputs.get('Output')?.[0];
  const next = result === undefined ? undefined : graph.onlyReader(result);
  const biased = next && isBiasAddition(next) ? withBias(operator, next, graph) : undefined;
  return biased ?? withBias(operator, operator, graph);
}

function withBias(operator: ProgramOperator, last: ProgramOperator, graph: ProgramGraph): Convolution | undefined {
  const { inputs, outputs, type } = operator;
  const [filter, result] = [inputs.get('Filter')?.[0], outputs.get('Output')?.[0]];
  if (!convolutions.includes(type) || !isPlainConvolution(operator)) return undefined;
  if ((inputs.get('Bias') ?? []).length > 0 || (inputs.get('ResidualData') ?? []).length > 0) return undefined;
  if (result === undefined || !graph.isValue(result) || !graph.isUnshared(filter)) return undefined;
  if (graph.shapeOf(filter).length !== 4) return undefined;
  if (last === operator) return { operator, filter, last };
  const bias = last.inputs.get('Y')?.[0];
  if (graph.onlyReader(result) !== last || !graph.isUnshared(bias) || !isPlainElementwise(last)) return undefined;
  const [channels] = graph.shapeOf(filter);
  const shape = graph.shapeOf(bias);
  const axis = last.attributes.get('axis') ?? -1;
  const along = shape.length === 1 ? axis === 1 : String(shape) === `1,${channels},1,1` && axis === -1;
  return along && shape.includes(channels!) ? { operator, filter, bias, last } : undefined;
}

function isBiasAddition({ type, inputs }: ProgramOperator): boolean {
  return type === 'elementwise_add' && inputs.get('X')?.length === 1 && inputs.get('Y')?.length === 1;
}
