import { modelPredictor } from '../../infer/image-predictor';
import { runSize } from '../../predict/predict-batch';
import { modelTitle } from '../../spec/model-title';
import { queuedInfer } from '../queue/infer-task';
import { jsonConsole } from './console/json-console';
import { paddleConsole } from './console/paddle-console';
import { describe, summaryConsole } from './console/summary-console';
import { concurrencyFor, loadFor, summaryTaskOf } from './load-for';
import type { Opened } from './opened';
import { planInfer } from './plan-infer';
import type { InferRequest } from './request';

/**
 * Loads the model of a command line.
 *
 * @param images the number of images
 */
export async function openModel(request: InferRequest, images: number, signal: AbortSignal): Promise<Opened> {
  const { parallel, threads } = concurrencyFor(request, images);
  const model = await loadFor(request, threads, signal);
  const plan = planInfer(model, request);
  const { console, outputDir, load, queue } = request;
  return {
    plan,
    task: summaryTaskOf(model),
    size: runSize(model, request.batchSize),
    specs: [model.spec],
    description: queue === undefined ? describe(model, parallel) : `${modelTitle(model.spec)} (${model.kind})`,
    predictor: () => modelPredictor(model, { ...plan.predicting, parallel, signal }),
    console: (bar) => {
      if (console === 'json') return jsonConsole();
      if (console === 'paddle') return paddleConsole(model, outputDir, load.config !== undefined);
      return summaryConsole(outputDir, bar && (() => bar.open()));
    },
    queued: (root) => queuedInfer(model, request, root),
    dispose: () => model.dispose(),
  };
}
