import { checkUrls } from '../../backends/open-inference/options';
import { pipelinePredictor } from '../../infer/pipeline-predictor';
import type { OpenedTools } from '../../infer/queue/engine-cache';
import { readAll } from '../../infer/queue/read-all';
import type { QueueRun } from '../../infer/queue/run-file';
import { boolean, fraction, listOf, type OptionChecks, oneOf } from '../../options';
import { loadPipeline } from '../../pipelines/load-pipeline';
import { type PipelineInfer, planPipeline } from '../infer/plan-pipeline';
import type { PipelineRequest } from '../infer/read-pipeline';
import { outputNames } from '../infer/request';
import { checkWorkerSettings } from './check-worker';
import { optional } from './infer-task';
import { loadOptions } from './load-options';
import type { WorkerContext } from './worker-context';

/** What workers do for `paddlelab infer` with a pipeline, as plain data. */
export interface QueuedPipeline extends PipelineRequest {
  readonly command: 'pipeline';
  readonly task: PipelineInfer;
}

export function queuedPipeline({ url, options }: PipelineRequest, task: PipelineInfer): QueuedPipeline {
  const { threshold, outputs, cocoCategories, style } = task;
  return { command: 'pipeline', url, options, task: { threshold, outputs, cocoCategories, style } };
}

const taskChecks = {
  threshold: optional(fraction),
  outputs: optional(listOf('array of outputs', oneOf(outputNames))),
  cocoCategories: boolean,
  style: oneOf(['paddlelab', 'paddle']),
} satisfies OptionChecks<PipelineInfer>;

const checks = {
  command: oneOf(['pipeline']),
  url: checkUrls,
  // `loadPipeline` checks what is in them.
  options: loadOptions as OptionChecks<QueuedPipeline>['options'],
  task: (name, value) => readAll(name, value, taskChecks),
} satisfies OptionChecks<QueuedPipeline>;

/**
 * Connects a worker to the pipeline of a run.
 *
 * @throws PaddleLabError INVALID_ARGUMENT, UNKNOWN_OPTION; those of `loadPipeline`; what differs from the run
 */
export async function openPipelineTask(run: QueueRun, context: WorkerContext): Promise<OpenedTools> {
  const { url, options, task } = readAll('task of a run', run.task, checks) as QueuedPipeline;
  const pipeline = await loadPipeline(url, { ...options, signal: context.stop });
  const close = (): Promise<void> => pipeline.dispose();
  try {
    const { writers, settings, threshold } = planPipeline(pipeline, task);
    await checkWorkerSettings(run, { settings, size: 1, specs: [], threshold }, context);
    const parallel = pipeline.imagesAtOnce;
    const predictor = pipelinePredictor(pipeline, { parallel, threshold, signal: undefined });
    return { predictor, writers, threshold, close };
  } catch (error) {
    await close();
    throw error;
  }
}
