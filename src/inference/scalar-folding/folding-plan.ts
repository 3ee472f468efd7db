import { type Convolution, convolutionAfter, convolutionBefore } from './convolutions';
import { EditableProgram } from './editable-program';
import { isWithoutPadding } from './known-attributes';
import { ProgramGraph } from './program-graph';
import type { ProgramOperator, Renaming } from './program-operator';
import { findChains, type ScalarChain } from './scalar-chains';

/** What becomes of a chain: part of the convolution before or after it, or one operator. */
export type Fold =
  | { readonly into: 'before' | 'after'; readonly chain: ScalarChain; readonly convolution: Convolution }
  | { readonly into: 'scale'; readonly chain: ScalarChain };

/** How a program is rewritten. */
export interface FoldingPlan {
  readonly program: EditableProgram;
  readonly folds: readonly Fold[];
  /** Number of operators that the rewritten program does not have. */
  readonly operators: number;
}

/** The plan for a program in `.pdmodel` format; undefined if there is nothing to fold. */
export function planFolding(bytes: Buffer): FoldingPlan | undefined {
  const program = EditableProgram.read(bytes);
  if (program === undefined || program.operators.some(({ type }) => type.includes('quantize'))) return undefined;
  const graph = new ProgramGraph(program);
  const folds = findChains(graph).flatMap((chain) => foldOf(chain, graph) ?? []);
  if (folds.length === 0) return undefined;
  const removed = folds.map(({ into, chain }) => chain.steps.length - (into === 'scale' ? 1 : 0));
  return { program, folds, operators: removed.reduce((sum, count) => sum + count, 0) };
}

function foldOf(chain: ScalarChain, graph: ProgramGraph): Fold | undefined {
  const adds = chain.steps.some(({ multiplies }) => !multiplies);
  if (graph.onlyReader(chain.input) !== undefined) {
    const convolution = convolutionBefore(chain.input, graph);
    if (convolution !== undefined && (!adds || convolution.bias !== undefined)) {
      return { into: 'before', chain, convolution };
    }
  }
  const convolution = convolutionAfter(chain.output, graph);
  if (convolution !== undefined) {
    const takesOffset = convolution.bias !== undefined && isWithoutPadding(convolution.operator);
    if (!adds || takesOffset) return { into: 'after', chain, convolution };
  }
  return chain.steps.length > 1 ? { into: 'scale', chain } : undefined;
}

/** The operators that take over the names of the chains' values. */
export function renamingsOf(folds: readonly Fold[]): ReadonlyMap<ProgramOperator, readonly Renaming[]> {
  const renamings = new Map<ProgramOperator, Renaming[]>();
  for (const fold of folds) {
    if (fold.into === 'scale') continue;
    const { input, output } = fold.chain;
    const before = fold.into === 'before';
    const operator = before ? fold.convolution.last : fold.convolution.operator;
    const renaming: Renaming = before
      ? { of: 'outputs', from: input, to: output }
      : { of: 'inputs', from: output, to: input };
    renamings.set(operator, [...(renamings.get(operator) ?? []), renaming]);
  }
  return renamings;
}
