import path from 'node:path';
import { modelPredictor } from '../../infer/image-predictor';
import { defaultOutputs, type ImageOutput, writersFor } from '../../infer/outputs/image-writers';
import { type PlannedImage, planImages } from '../../infer/plan';
import { refuseNested } from '../../infer/shards/check-neighbours';
import { checkSummaries, summaries, summariesOf } from '../../infer/summaries/summaries';
import type { AnyModel } from '../../model/load-model';
import { runSize } from '../../predict/predict-batch';
import { interruptible } from '../interruptible';
import type { RunConsole } from './console/console';
import { jsonConsole } from './console/json-console';
import { paddleConsole } from './console/paddle-console';
import { describe, summaryConsole } from './console/summary-console';
import { concurrencyFor, defaultThreshold, loadFor, predictionThreshold } from './load-for';
import { withShard } from './read-shard';
import type { InferRequest, OutputName } from './request';
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
    if (request.shard !== undefined && source.recursive) await refuseNested(source.paths, request.outputDir);
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
  const { outputDir, batchSize, cocoCategories, shard } = request;
  const existing = await existingOf(request.existing, outputDir, shard);
  const threshold = request.threshold ?? defaultThreshold(model);
  const outputs: readonly OutputName[] = request.outputs ?? defaultOutputs(model.spec, request.style);
  const chosen = summariesOf(outputs);
  // Those of shards are written when the shards are merged.
  await checkSummaries(chosen, model.spec, outputDir, shard === undefined ? existing : 'overwrite');
  const perImage = outputs.filter((name): name is ImageOutput => !(name in summaries));
  const writers = writersFor(perImage, request.style);
  const predicting = {
    ...{ parallel, batchSize, slices: request.slices, signal },
    threshold: predictionThreshold(model, outputs, request.threshold),
    raw: writers.some(({ needsTensors }) => needsTensors),
  };
  const job: ImageJob = {
    images,
    open: () => modelPredictor(model, predicting),
    description: describe(model, parallel),
    ...{ writers, summaries: chosen, threshold, cocoCategories, existing, signal },
    folder: outputDir,
    settings: settingsOf(model, request, outputs),
    shard: shard && { shard, size: runSize(model, batchSize), specs: [model.spec] },
    output: consoleFor(request, model),
  };
  return runImages(job, progress);
}

/** Settings that must be the same to resume a run. */
function settingsOf(model: AnyModel, request: InferRequest, outputs: readonly string[]): object {
  const { threshold, style, cocoCategories, slices, bareClassifier } = request;
  const { config } = request.load;
  const { engine, precision, device, paddle } = model.runtime;
  const folder = path.resolve(model.spec.files.directory);
  return {
    ...{ model: folder, task: model.kind, config, bareClassifier, paddle, device, engine, precision },
    ...{ threshold, style, cocoCategories, slices, outputs },
  };
}

function consoleFor({ console, outputDir, load }: InferRequest, model: AnyModel): RunConsole {
  if (console === 'json') return jsonConsole();
  return console === 'paddle' ? paddleConsole(model, outputDir, load.config !== undefined) : summaryConsole(outputDir);
}
