import { modelPredictor } from '../../infer/image-predictor';
import { type PlannedImage, planImages } from '../../infer/plan';
import { refuseNested } from '../../infer/shards/check-neighbours';
import { checkSummaries } from '../../infer/summaries/summaries';
import type { AnyModel } from '../../model/load-model';
import { runSize } from '../../predict/predict-batch';
import { modelTitle } from '../../spec/model-title';
import { interruptible } from '../interruptible';
import { queuedInfer } from '../queue/infer-task';
import { runQueued } from '../queue/run-queued';
import type { RunConsole } from './console/console';
import { jsonConsole } from './console/json-console';
import { paddleConsole } from './console/paddle-console';
import { type SharedBar, sharedBar } from './console/shared-bar';
import { describe, summaryConsole } from './console/summary-console';
import { concurrencyFor, loadFor } from './load-for';
import { planInfer } from './plan-infer';
import { withShard } from './read-shard';
import type { InferRequest } from './request';
import { afterInterrupt, existingOf } from './resume';
import { runBenchmark } from './run-benchmark';
import { type ImageJob, newProgress, type Progress, runImages, withResumeCommand } from './run-images';
import { runVideo } from './run-video';
import { readStandardInput } from './standard-input';

/**
 * Runs a command line of `paddlelab infer`; returns the exit code.
 *
 * @param argv the command line, for messages on how to resume
 */
export async function runInfer(request: InferRequest, argv: readonly string[]): Promise<number> {
  const { source } = request;
  if (request.benchmark !== undefined) return runBenchmark(request);
  if (source.kind !== 'images') return runVideo(request, source);
  const [only] = source.paths;
  if (source.paths.length === 1 && only === '-') {
    const { file, clear } = await readStandardInput();
    return runInfer({ ...request, source: { ...source, paths: [file] } }, argv).finally(clear);
  }
  const progress = newProgress();
  const line = withShard(argv, request.shard);
  const work = async (signal: AbortSignal): Promise<number> => {
    if ((request.shard ?? request.queue) !== undefined && source.recursive)
      await refuseNested(source.paths, request.outputDir);
    const images = await planImages(source.paths, source.recursive);
    const { parallel, threads } = concurrencyFor(request, images.length);
    const model = await loadFor(request, threads, signal);
    try {
      return await inferAll(model, images, request, parallel, signal, progress);
    } catch (error) {
      throw withResumeCommand(error, line, progress);
    } finally {
      await model.dispose();
    }
  };
  return interruptible(work, () => afterInterrupt(line, progress.writesFiles, progress.reached()));
}

async function inferAll(
  model: AnyModel,
  images: readonly PlannedImage[],
  request: InferRequest,
  parallel: number,
  signal: AbortSignal,
  progress: Progress,
): Promise<number> {
  const { outputDir, batchSize, cocoCategories, shard, queue } = request;
  const existing = await existingOf(request.existing, outputDir, shard, queue);
  const { writers, summaries, threshold, predicting, settings } = planInfer(model, request);
  // Those of shards are written when the shards are merged.
  await checkSummaries(summaries, model.spec, outputDir, shard === undefined ? existing : 'overwrite');
  const size = runSize(model, batchSize);
  const bar = sharedBar();
  const job: ImageJob = {
    images,
    open: () => modelPredictor(model, { ...predicting, parallel, signal }),
    description: queue === undefined ? describe(model, parallel) : `${modelTitle(model.spec)} (${model.kind})`,
    ...{ writers, summaries, threshold, cocoCategories, existing, settings, signal },
    folder: outputDir,
    shard: shard && { shard, size, specs: [model.spec] },
    output: consoleFor(request, model, queue && bar),
  };
  if (queue === undefined) return runImages(job, progress);
  const task = await queuedInfer(model, request, queue.root);
  // The workers need the memory, if they are on this machine.
  await model.dispose();
  return runQueued(job, { ...queue, task, size, specs: [model.spec], bar }, signal, progress);
}

function consoleFor(
  { console, outputDir, load }: InferRequest,
  model: AnyModel,
  bar: SharedBar | undefined,
): RunConsole {
  if (console === 'json') return jsonConsole();
  if (console === 'paddle') return paddleConsole(model, outputDir, load.config !== undefined);
  return summaryConsole(outputDir, bar && (() => bar.open()));
}
