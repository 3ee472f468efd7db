import { matchObjects } from '../../agreement/match-objects';
import type { SceneObject } from '../../drawing/annotators/annotator';
import { PaddleLabError } from '../../errors';
import type { PrecisionRecall } from '../../metrics/task-evaluator';
import type { PredictResult } from '../../results';
import { objectsOfBoth } from '../../tasks/tasks';
import { type Results, resultList } from './results';

/** Pairs of prediction and ground truth for each image. */
export function pairResults(results: Results, truths: Results): readonly (readonly [PredictResult, PredictResult])[] {
  const [found, real] = [resultList(results), resultList(truths, 'truths')];
  if (found.length === real.length) return found.map((result, index) => [result, real[index] as PredictResult]);
  const text = `Expected as many truths as results (${found.length}) but received ${real.length}`;
  throw new PaddleLabError('INVALID_ARGUMENT', text);
}

/** The same, for results with objects. */
export function pairObjects(
  results: Results,
  truths: Results,
): readonly (readonly [found: readonly SceneObject[], real: readonly SceneObject[]])[] {
  return pairResults(results, truths).map(([result, truth]) => {
    const both = objectsOfBoth(result, truth);
    if (both !== undefined) return both;
    const text = `Expected results with objects but received ${result.kind} with truth of kind ${truth.kind}`;
    throw new PaddleLabError('INVALID_ARGUMENT', text);
  });
}

export function precisionRecall(results: Results, truths: Results, iou: number): PrecisionRecall[] {
  const pairs = pairObjects(results, truths);
  const labels = resultList(truths, 'truths')[0]?.labels ?? [];
  const classIds = [...new Set(pairs.flatMap(([, truth]) => truth.map(({ classId }) => classId)))];
  return classIds
    .sort((a, b) => a - b)
    .map((classId) => {
      const real = pairs.map(([, truth]) => truth.filter((item) => item.classId === classId));
      const count = real.reduce((sum, items) => sum + items.length, 0);
      const found = pairs.flatMap(([result], image) => {
        const items = result.filter((item) => item.classId === classId).sort((a, b) => scoreOf(b) - scoreOf(a));
        const right = new Set(matchObjects(real[image] ?? [], items, iou).pairs.map(([, item]) => item));
        return items.map((item) => ({ score: scoreOf(item), right: right.has(item) }));
      });
      return { classId, label: labels[classId] ?? String(classId), ...curveOf(found, count) };
    });
}

const scoreOf = ({ score = 1 }: SceneObject): number => score;

function curveOf(
  found: { readonly score: number; readonly right: boolean }[],
  real: number,
): Pick<PrecisionRecall, 'recall' | 'precision' | 'scores' | 'averagePrecision'> {
  const sorted = found.sort((a, b) => b.score - a.score);
  const recall: number[] = [];
  const precision: number[] = [];
  let hits = 0;
  sorted.forEach(({ right }, index) => {
    if (right) hits++;
    recall.push(hits / real);
    precision.push(hits / (index + 1));
  });
  let [area, best] = [0, 0];
  for (let index = recall.length - 1; index >= 0; index--) {
    best = Math.max(best, precision[index] ?? 0);
    area += best * ((recall[index] ?? 0) - (recall[index - 1] ?? 0));
  }
  return { recall, precision, scores: sorted.map(({ score }) => score), averagePrecision: area };
}
