import type { Tensor } from '../inference/tensor';
import type { Classification, ClassificationResult } from '../results';
import type { ClassificationRule } from '../spec/output-settings';
import type { PostprocessContext } from '../spec/spec';
import { unsupported } from './boxes';
import { outputInvalid } from './finite';
import { labelOf } from './labels';

const floats: readonly string[] = ['float32', 'float16', 'bfloat16'];

/**
 * Classification of PaddleClas: `Topk`, `ThreshOutput` and `MultiLabelThreshOutput` on output 0. Its values are
 * probabilities unless the model was exported without softmax; none is applied here, as in the script. Scores are not
 * rounded (the script prints 5 decimals).
 */
export async function readClasses(
  outputs: readonly Tensor[],
  { spec, threshold }: PostprocessContext,
): Promise<Pick<ClassificationResult, 'threshold' | 'classes'>> {
  const scores = outputs[0];
  const batch = scores?.shape[0] ?? 0;
  if (scores === undefined || !floats.includes(scores.dtype) || batch !== 1 || scores.data.length === 0) {
    throw unsupported('scores of classes as float32 or float16 [1,C] in the first output', outputs);
  }
  if ((scores.data as Float32Array).some(Number.isNaN)) throw outputInvalid('scores are NaN', outputs);
  const rule = spec.outputs.classification ?? { type: 'Topk', topk: 1 };
  const chosen = choose(scores.data as Float32Array, rule, threshold);
  const classes: Classification[] = chosen.map(([classId, score]) => {
    return { classId, label: labelOf(classId, spec), score };
  });
  const applied = threshold ?? (rule.type === 'Topk' ? 0 : rule.threshold);
  return { threshold: applied, classes };
}

type Scored = readonly [classId: number, score: number];

function choose(scores: Float32Array, rule: ClassificationRule, threshold: number | undefined): Scored[] {
  const all = Array.from(scores, (score, classId): Scored => [classId, score]);
  switch (rule.type) {
    case 'Topk': {
      // A reversed stable argsort: of equal scores the higher number comes first.
      const sorted = all.sort((a, b) => b[1] - a[1] || b[0] - a[0]).slice(0, rule.topk);
      return threshold === undefined ? sorted : sorted.filter(([, score]) => score > threshold);
    }
    case 'ThreshOutput':
      return [thresholded(all, threshold ?? rule.threshold, rule.defaultLabelIndex)];
    case 'MultiLabelThreshOutput': {
      const least = threshold ?? rule.threshold;
      return all.filter(([, score]) => score >= least);
    }
  }
}

/** For two classes, the second one if it reaches the threshold; for more, the best one if it exceeds it. */
function thresholded(all: readonly Scored[], threshold: number, otherwise: number): Scored {
  const second = all[1]?.[1] ?? Number.NaN;
  if (all.length === 2) return second < threshold ? [0, Math.fround(1 - second)] : [1, second];
  const best = all.reduce((a, b) => (b[1] > a[1] ? b : a));
  return best[1] > threshold ? best : (all[otherwise] ?? best);
}
