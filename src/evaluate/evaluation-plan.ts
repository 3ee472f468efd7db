import type { Dataset } from '../datasets/dataset';
import { PaddleLabError } from '../errors';
import type { TaskEvaluator } from '../metrics/task-evaluator';
import type { PredictResult } from '../results';
import type { ClassificationRule } from '../spec/output-settings';
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
  /** The model's, but its results list everything that is evaluated, however few they would show. */
  readonly spec: ModelSpec;
  /** For the results; undefined: none. */
  readonly threshold: number | undefined;
}

/** Top-5 needs that many classes. */
const mostClasses = 5;

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
  return { evaluator, numbers, labels, ...completeResults(spec) };
}

/** Average precision is over all thresholds, and a classifier may be exported with the best class only. */
function completeResults(spec: ModelSpec): Pick<EvaluationPlan, 'spec' | 'threshold'> {
  if (spec.customTask !== undefined || taskOfModel(spec).boxRows) return { spec, threshold: 0 };
  if (spec.task === 'text-recognition') return { spec, threshold: undefined };
  const { classification = { type: 'Topk', topk: 1 } } = spec.outputs;
  switch (classification.type) {
    case 'Topk': {
      const topk = Math.max(mostClasses, classification.topk);
      return { spec: withRule(spec, { type: 'Topk', topk }), threshold: undefined };
    }
    case 'MultiLabelThreshOutput':
      return { spec: withRule(spec, { ...classification, threshold: 0 }), threshold: undefined };
    case 'ThreshOutput':
      return { spec, threshold: undefined };
  }
}

function withRule(spec: ModelSpec, classification: ClassificationRule): ModelSpec {
  return { ...spec, outputs: { ...spec.outputs, classification } };
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
    const { classification } = spec.outputs;
    const threshold = classification?.type === 'MultiLabelThreshOutput' ? classification.threshold : undefined;
    return evaluator({
      ...{ labels, ...classes },
      ...(metric === undefined ? {} : { metric }),
      ...(threshold === undefined ? {} : { threshold }),
    });
  }
  throw new PaddleLabError(
    'MODEL_UNSUPPORTED',
    `Expected a model whose task can be evaluated but ${spec.files.directory} is for ` +
      `${spec.customTask?.name ?? spec.task}; a task of your own needs the part "evaluator" (registerTask)`,
  );
}

/** The first image whose truth can be read decides. */
export async function checkTruthKind(
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
