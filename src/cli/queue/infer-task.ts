import { modelPredictor } from '../../infer/image-predictor';
import type { OpenedTools } from '../../infer/queue/engine-cache';
import { readAll } from '../../infer/queue/read-all';
import type { QueueRun } from '../../infer/queue/run-file';
import type { AnyModel } from '../../model/load-model';
import { boolean, type Check, fraction, integer, listOf, type OptionChecks, oneOf } from '../../options';
import { runSize } from '../../predict/predict-batch';
import type { SliceSettings } from '../../predict/slice-settings';
import { invalidArgument } from '../../validate';
import type { BareClassifier } from '../infer/bare-classifier';
import { loadFor } from '../infer/load-for';
import { type InferTask, planInfer } from '../infer/plan-infer';
import { type InferRequest, outputNames } from '../infer/request';
import { checkWorkerSettings } from './check-worker';
import { loadOptions } from './load-options';
import { checkPlace, type ModelPlace, modelAt, placeOf } from './model-place';
import type { WorkerContext } from './worker-context';

/** What workers do for `paddlelab infer`, as plain data. */
export interface QueuedInfer {
  readonly command: 'infer';
  readonly model: ModelPlace;
  readonly options: InferTask;
}

/** What workers do for a command line; they use the engine that was chosen on this machine. */
export async function queuedInfer(model: AnyModel, request: InferRequest, root: string): Promise<QueuedInfer> {
  const { load, bareClassifier, threshold, batchSize, slices, outputs, cocoCategories, style } = request;
  const { threads, ...shared } = load;
  const { engine } = model.runtime;
  const chosen = load.backend === undefined && engine !== undefined ? { ...shared, engine } : shared;
  const options = { load: chosen, bareClassifier, threshold, batchSize, slices, outputs, cocoCategories, style };
  return { command: 'infer', model: await placeOf(request.model, root), options: options as InferTask };
}

/** For data that may have `undefined`. */
export const optional =
  <T>(check: Check<T>): Check<T> =>
  (name, value) =>
    value === undefined ? (value as T) : check(name, value);

const pair =
  (check: Check<number>): Check<readonly [number, number]> =>
  (name, value) => {
    if (!Array.isArray(value) || value.length !== 2) throw invalidArgument(name, 'pair of numbers', value);
    return [check(name, value[0]), check(name, value[1])];
  };

const bareChecks = { resizeSize: integer(1), cropSize: integer(1) } satisfies OptionChecks<BareClassifier>;

const sliceChecks = {
  size: pair(integer(1)),
  overlap: pair(fraction),
  combine: oneOf(['nms', 'merge', 'concat']),
  metric: oneOf(['iou', 'ios']),
  threshold: fraction,
} satisfies OptionChecks<SliceSettings>;

const optionChecks = {
  load: loadOptions,
  bareClassifier: (name, value) => readAll(name, value, bareChecks),
  threshold: optional(fraction),
  batchSize: integer(1),
  slices: optional((name, value) => readAll(name, value, sliceChecks)),
  outputs: optional(listOf('array of outputs', oneOf(outputNames))),
  cocoCategories: boolean,
  style: oneOf(['paddlelab', 'paddle']),
} satisfies OptionChecks<InferTask>;

const checks = {
  command: oneOf(['infer']),
  model: checkPlace,
  options: (name, value) => readAll(name, value, optionChecks),
} satisfies OptionChecks<QueuedInfer>;

/**
 * Loads the model of a run on a worker.
 *
 * @throws PaddleLabError INVALID_ARGUMENT, UNKNOWN_OPTION; those of `loadModel`; what differs from the run
 */
export async function openInfer(run: QueueRun, context: WorkerContext): Promise<OpenedTools> {
  const { model: where, options } = readAll('task of a run', run.task, checks) as QueuedInfer;
  const folder = await modelAt(where, context.root, context.models);
  const model = await loadFor({ ...options, model: folder }, context.threads, context.stop);
  try {
    const plan = planInfer(model, options);
    const size = runSize(model, options.batchSize);
    await checkWorkerSettings(
      run,
      { settings: plan.settings, size, specs: [model.spec], threshold: plan.threshold },
      context,
    );
    const predictor = modelPredictor(model, { ...plan.predicting, parallel: context.parallel, signal: undefined });
    const close = async (): Promise<void> => {
      await predictor.close();
      await model.dispose();
    };
    return { predictor, writers: plan.writers, threshold: plan.threshold, close };
  } catch (error) {
    await model.dispose();
    throw error;
  }
}
