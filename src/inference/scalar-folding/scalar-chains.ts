import { isPlainElementwise } from './known-attributes';
import type { ProgramGraph } from './program-graph';
import type { ProgramOperator } from './program-operator';

/** A multiplication by a parameter with one value, or an addition of it. */
export interface ScalarStep {
  readonly operator: ProgramOperator;
  readonly multiplies: boolean;
  /** The parameter. */
  readonly scalar: string;
  readonly input: string;
  readonly output: string;
}

/** Consecutive steps; no other operator reads the values between them. */
export interface ScalarChain {
  readonly steps: readonly ScalarStep[];
  readonly input: string;
  readonly output: string;
}

/** The longest chains of a program, in its order. */
export function findChains(graph: ProgramGraph): ScalarChain[] {
  const chains: ScalarChain[] = [];
  const seen = new Set<ProgramOperator>();
  for (const operator of graph.operators) {
    if (seen.has(operator)) continue;
    const steps: ScalarStep[] = [];
    for (let step = stepOf(operator, graph); step !== undefined; step = nextStep(step, graph)) {
      steps.push(step);
      seen.add(step.operator);
    }
    const [first, last] = [steps[0], steps.at(-1)];
    if (first !== undefined && last !== undefined) chains.push({ steps, input: first.input, output: last.output });
  }
  return chains;
}

function nextStep({ output }: ScalarStep, graph: ProgramGraph): ScalarStep | undefined {
  const reader = graph.onlyReader(output);
  return reader && stepOf(reader, graph);
}

function stepOf(operator: ProgramOperator, graph: ProgramGraph): ScalarStep | undefined {
  const { type, inputs, outputs, attributes } = operator;
  if (type !== 'elementwise_mul' && type !== 'elementwise_add') return undefined;
  const [x, y, output] = [inputs.get('X')?.[0], inputs.get('Y')?.[0], outputs.get('Out')?.[0]];
  if (x === undefined || y === undefined || output === undefined) return undefined;
  if ((attributes.get('axis') ?? -1) !== -1 || !isPlainElementwise(operator)) return undefined;
  const [scalar, input] = graph.isScalar(y) ? [y, x] : [x, y];
  if (!graph.isScalar(scalar) || !graph.isValue(input) || !graph.isValue(output)) return undefined;
  // A scalar of a higher rank than the value would change the rank of the result.
  const rank = graph.shapeOf(input).length;
  if (rank === 0 || graph.shapeOf(scalar).length > rank) return undefined;
  return { operator, multiplies: type === 'elementwise_mul', scalar, input, output };
}
