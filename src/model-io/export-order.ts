import type { Tensor } from '../inference/tensor';
import type { ModelSpec } from '../spec/spec';
import { taskOfModel } from '../tasks/tasks';

/** Ranks of boxes, their numbers, and masks, in the order of PaddleDetection 2.x' exports. */
const ranks = [2, 1, 3];

/**
 * The outputs of a task with rows of boxes in the order that PaddleDetection exports them in. Paddle Serving sorts them by the names of variables,
 * so that only their ranks tell them apart.
 */
export function inExportOrder(spec: ModelSpec, outputs: readonly Tensor[]): readonly Tensor[] {
  const told = new Set(outputs.map(({ shape }) => shape.length)).size === outputs.length;
  const known = outputs.length <= ranks.length && outputs.every(({ shape }) => ranks.includes(shape.length));
  const sorted = taskOfModel(spec).boxRows && spec.conventions.outputOrder === 'by name';
  if (!sorted || !told || !known) return outputs;
  return [...outputs].sort((a, b) => ranks.indexOf(a.shape.length) - ranks.indexOf(b.shape.length));
}
