import os from 'node:os';
import { checkBackend, isExternal } from '../../backends/named-backends';
import { isPipeline } from '../../backends/pipeline-backend';
import type { SummaryTask } from '../../infer/summaries/summary';
import { type AnyModel, type LoadModelOptions, loadModel } from '../../model/load-model';
import type { Task } from '../../results';
import type { ResultDefinition } from '../../tasks/task-definition';
import { taskOfModel } from '../../tasks/tasks';
import { tell } from '../print';
import { isBareClassifier, tutorialConfig } from './bare-classifier';
import type { InferRequest } from './request';

/** Loads the model for a command line. */
export async function loadFor(
  request: Pick<InferRequest, 'model' | 'load' | 'bareClassifier'>,
  threads: number,
  signal: AbortSignal,
): Promise<AnyModel> {
  const options = { ...withThreads(request.load, threads), signal };
  if (!(await isBareClassifier(request.model, options))) return loadModel(request.model, options);
  const { resizeSize, cropSize } = request.bareClassifier;
  tell(
    `note: ${request.model} has no configuration and is treated as a classifier: shorter side to ${resizeSize}, ` +
      `middle ${cropSize}×${cropSize} (--resize-size, --crop-size)`,
  );
  return loadModel(request.model, { ...options, config: tutorialConfig(request.bareClassifier) });
}

/** A backend with its own number of threads keeps it. */
function withThreads(load: LoadModelOptions, threads: number): LoadModelOptions {
  if (load.backend === undefined) return { ...load, threads };
  const backend = checkBackend('backend', load.backend);
  return isExternal(backend) || isPipeline(backend) ? load : { ...load, backend: { threads, ...backend } };
}

/** The maximum number of concurrent runs, and the number of threads of each. */
export interface RunConcurrency {
  readonly parallel: number;
  readonly threads: number;
}

/** Single-threaded runs have the highest throughput, if there are enough images. */
export function concurrencyFor({ parallel, load, batchSize }: InferRequest, images: number): RunConcurrency {
  const runs = Math.max(1, Math.ceil(images / batchSize));
  const cores = os.availableParallelism();
  if (parallel !== undefined) {
    const atOnce = Math.min(parallel, runs);
    return { parallel: atOnce, threads: load.threads ?? (atOnce > 1 ? 1 : cores) };
  }
  const threads = load.threads ?? cores;
  if (load.device !== undefined && load.device !== 'cpu') return { parallel: 1, threads };
  const atOnce = Math.min(threads, cores, runs);
  return { parallel: atOnce, threads: Math.floor(threads / atOnce) };
}

/** What its summaries are about. */
export function summaryTaskOf({ spec }: AnyModel): SummaryTask {
  return {
    name: spec.customTask?.name ?? spec.task,
    definition: taskOfModel<Task>(spec) as unknown as ResultDefinition,
  };
}

/** 0.5 for objects, as in Paddle's scripts. */
export function defaultThreshold({ spec }: AnyModel): number | undefined {
  return taskOfModel(spec).boxRows ? (spec.outputs.threshold ?? 0.5) : undefined;
}

/**
 * The threshold for predicting. Paddle's JSON files contain every row, regardless of the threshold for drawing and
 * listing; results of a custom task can't be filtered afterwards, and detectors of text have no rows.
 */
export function predictionThreshold(
  { kind }: AnyModel,
  outputs: readonly string[],
  threshold: number | undefined,
): number | undefined {
  return outputs.includes('coco') && kind !== 'custom' && kind !== 'text-detection' ? 0 : threshold;
}
