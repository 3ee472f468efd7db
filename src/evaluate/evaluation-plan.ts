import type { Dataset } from '../datasets/dataset';
import { PaddleLabError } from '../errors';
import type { TaskEvaluator } from '../metrics/task-evaluator';
import type { PredictResult } from '../results';
import type { ModelSpec } from '../spec/spec';
import { taskOfModel } from '../tasks/tasks';
import { type ClassMapping, type ClassNumbers, mapClasses } from './class-map';

/** The average precision of boxes, masks and joints. */
export type Metric = 'coco' | 'voc' | 'voc2007';

/** How the results of a model are compared with a data set. */
export interface EvaluationPlan {
  readonly evaluator: TaskEvaluator<PredictResult>;
  /** The model's classes of the data set's classes; undefined if they are the same. */
  readonly numbers: ClassNumbers | undefined;
  /** Names of the classes: the model's, or those of the data set if it has none. */
  readonly labels: readonly string[];
}

/**
 * Checks whether the data set suits the model, before anything is written or predicted.
 *
 * @throws PaddleLabError MODEL_UNSUPPORTED, DATASET_INVALID, INVALID_ARGUMENT
 */
export async function planEvaluation(
  spec: ModelSpec,
  dataset: Dataset,
  { classes, metric }: { readonly classes: ClassMapping | undefined; readonly metric: Metric | undefined },
): Promise<EvaluationPlan> {
  const labels = spec.labels.length > 0 ? spec.labels : dataset.classes;
  const evaluator = evaluatorFor(spec, labels, metric);
  const numbers =
    spec.task === 'keypoints' && classes === undefined
      ? onlyPeople(dataset)
      : mapClasses(dataset, spec.labels, classes);
  await checkTruthKind(dataset, evaluator);
  return { evaluator, numbers, labels };
}

/** Keypoint models have one class, whatever their label; data sets may have others than people. */
function onlyPeople({ classes }: Dataset): ClassNumbers | undefined {
  if (classes.length <= 1) return undefined;
  return classes.map((name) => (name === 'person' ? 0 : undefined));
}

function evaluatorFor(
  spec: ModelSpec,
  labels: readonly string[],
  metric: Metric | undefined,
): TaskEvaluator<PredictResult> {
  const { evaluator } = taskOfModel(spec);
  if (evaluator !== undefined) {
    const classes = labels.length === 0 ? {} : { classes: labels.length };
    return evaluator({ labels, ...classes, ...(metric === undefined ? {} : { metric }) });
  }
  throw new PaddleLabError(
    'MODEL_UNSUPPORTED',
    `Expected a model whose task can be evaluated but ${spec.files.directory} is for ` +
      `${spec.customTask?.name ?? spec.task}; a task of your own needs the part "evaluator" (registerTask)`,
  );
}

/** The first image whose truth can be read decides. */
async function checkTruthKind(
  { images, path, format }: Dataset,
  evaluator: TaskEvaluator<PredictResult>,
): Promise<void> {
  for (const image of images) {
    const { truth } = await image.truth();
    if (truth === undefined) continue;
    if (truth.kind === evaluator.truth) return;
    throw new PaddleLabError(
      'DATASET_INVALID',
      `Expected a data set with ${evaluator.truth} for this model but ${path} (${format}) has ${truth.kind}`,
    );
  }
}
