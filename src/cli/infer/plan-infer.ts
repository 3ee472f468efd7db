import path from 'node:path';
import type { ModelPredictorOptions } from '../../infer/image-predictor';
import { defaultOutputs, type ImageOutput, type ImageWriter, writersFor } from '../../infer/outputs/image-writers';
import { summaries, summariesOf } from '../../infer/summaries/summaries';
import type { Summary } from '../../infer/summaries/summary';
import type { AnyModel } from '../../model/load-model';
import { taskOfModel } from '../../tasks/tasks';
import { defaultThreshold, predictionThreshold } from './load-for';
import type { InferRequest, OutputName } from './request';

/** What is done with each image, wherever that happens. */
export type InferTask = Pick<
  InferRequest,
  'load' | 'bareClassifier' | 'threshold' | 'batchSize' | 'slices' | 'outputs' | 'cocoCategories' | 'style'
>;

/** A task with a loaded model. */
export interface InferPlan {
  readonly writers: readonly ImageWriter[];
  readonly summaries: readonly Summary[];
  /** Minimum score of drawn and listed objects. */
  readonly threshold: number | undefined;
  readonly predicting: Omit<ModelPredictorOptions, 'parallel' | 'signal'>;
  /** Settings that must be the same to resume a run. */
  readonly settings: object;
}

export function planInfer(model: AnyModel, task: InferTask): InferPlan {
  const outputs: readonly OutputName[] = task.outputs ?? defaultOutputs(taskOfModel(model.spec).finds, task.style);
  const perImage = outputs.filter((name): name is ImageOutput => !(name in summaries));
  const writers = writersFor(perImage, task.style);
  return {
    writers,
    summaries: summariesOf(outputs),
    threshold: task.threshold ?? defaultThreshold(model),
    predicting: {
      ...{ batchSize: task.batchSize, slices: task.slices },
      threshold: predictionThreshold(model, outputs, task.threshold),
      raw: writers.some(({ needsTensors }) => needsTensors),
    },
    settings: settingsOf(model, task, outputs),
  };
}

/** Settings that must be the same to resume a run. */
export function settingsOf(model: AnyModel, task: InferTask, outputs: readonly string[]): object {
  const { threshold, style, cocoCategories, slices, bareClassifier } = task;
  const { config } = task.load;
  const { engine, precision, device, paddle } = model.runtime;
  const folder = path.resolve(model.spec.files.directory);
  return {
    ...{ model: folder, task: model.kind, config, bareClassifier, paddle, device, engine, precision },
    ...{ threshold, style, cocoCategories, slices, outputs },
  };
}
