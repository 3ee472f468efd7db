import type { Tensor } from '../inference/tensor';
import type { ModelSpec } from '../spec/spec';
import { taskOfModel } from '../tasks/tasks';

/** Ranks of the boxes, their number, and masks, in the order of PaddleDetection 2.x' exports. */
const ranks = [2, 1, 3];

/**
 * Sorts the outputs of a task with rows of boxes in PaddleDetection's export order. Paddle Serving sorts them by
 * variable name, so that only their ranks distinguish them.
 */
export function inExportOrder(spec: ModelSpec, outputs: readonly Tensor[]): readonly Tensor[] {
  const distinct = new Set(outputs.map(({ shape }) => shape.length)).size === outputs.length;
  const known = outputs.length <= ranks.length && outputs.every(({ shape }) => ranks.includes(shape.length));
  const sorted = taskOfModel(spec).boxRows && spec.conventions.outputOrder === 'by name';
  if (!sorted || !distinct || !known) return outputs;
  return [...outputs].sort((a, b) => ranks.indexOf(a.shape.length) - ranks.indexOf(b.shape.length));
}
