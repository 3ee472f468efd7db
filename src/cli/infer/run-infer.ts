import path from 'node:path';
import { type ImageRun, inferImages } from '../../infer/infer-images';
import { defaultOutputs, type ImageOutput, writersFor } from '../../infer/outputs/registry';
import { type PlannedImage, planImages } from '../../infer/plan';
import { checkSummaries, summaries, summariesOf, writeSummaries } from '../../infer/summaries/registry';
import { shownOf } from '../../infer/summaries/shown';
import type { AnyModel } from '../../model/load-model';
import type { RunConsole, RunTotals } from './console/console';
import { jsonConsole } from './console/json-console';
import { paddleConsole } from './console/paddle-console';
import { summaryConsole } from './console/summary-console';
import { interruptible } from './interruptible';
import { defaultThreshold, loadFor, shapeFor } from './load-for';
import type { InferRequest, OutputName } from './request';
import { runBenchmark } from './run-benchmark';
import { runVideo } from './run-video';
import { readStandardInput } from './standard-input';

const exitSomeFailed = 3;
const exitAllFailed = 1;

/** Does what a command line of `paddlelab infer` asks for; answers the exit code. */
export async function runInfer(request: InferRequest): Promise<number> {
  const { source } = request;
  if (request.benchmark !== undefined) return runBenchmark(request);
  if (source.kind !== 'images') return runVideo(request, source);
  const [only] = source.paths;
  if (source.paths.length === 1 && only === '-') {
    const { file, clear } = await readStandardInput();
    return runInfer({ ...request, source: { ...source, paths: [file] } }).finally(clear);
  }
  return interruptible(async (signal) => {
    const images = await planImages(source.paths, source.recursive);
    const { parallel, threads } = shapeFor(request, images.length);
    const model = await loadFor(request, threads, signal);
    try {
      return await inferAll(model, images, request, parallel, signal);
    } finally {
      await model.dispose();
    }
  });
}

async function inferAll(
  model: AnyModel,
  images: readonly PlannedImage[],
  request: InferRequest,
  parallel: number,
  signal: AbortSignal,
): Promise<number> {
  const { outputDir, batchSize, existing } = request;
  const threshold = request.threshold ?? defaultThreshold(model);
  const outputs: readonly OutputName[] = request.outputs ?? defaultOutputs(model.kind, request.style);
  const chosen = summariesOf(outputs);
  await checkSummaries(chosen, model.kind, outputDir, existing);
  const perImage = outputs.filter((name): name is ImageOutput => !(name in summaries));
  const run = await inferImages(model, images, {
    folder: outputDir,
    writers: writersFor(perImage, request.style),
    threshold,
    // Paddle's JSON files hold every row, whatever is drawn.
    keepAbove: outputs.includes('coco') ? 0 : request.threshold,
    slices: request.slices,
    batchSize,
    parallel,
    existing,
    writesFiles: outputs.length > 0,
    settings: settingsOf(model, request, outputs),
    signal,
  });
  const told = consoleFor(request);
  try {
    told.begin(model, images.length, parallel);
    const totals = await follow(run, told, images.length, threshold);
    const { cocoCategories } = request;
    const files = await writeSummaries(chosen, run.records, { folder: outputDir, cocoCategories, threshold });
    told.end(totals, files);
    if (totals.failed === 0) return 0;
    return totals.done + totals.skipped === 0 ? exitAllFailed : exitSomeFailed;
  } finally {
    told.close();
  }
}

/** What must be the same for a run to go on. */
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

function consoleFor({ console, outputDir, load }: InferRequest): RunConsole {
  if (console === 'json') return jsonConsole();
  return console === 'paddle' ? paddleConsole(outputDir, load.config !== undefined) : summaryConsole(outputDir);
}

async function follow(
  run: ImageRun,
  told: RunConsole,
  images: number,
  threshold: number | undefined,
): Promise<RunTotals> {
  const count = { done: 0, failed: 0, skipped: 0 };
  const started = performance.now();
  for await (const event of run.events) {
    count[event.kind]++;
    told.event(event, event.kind === 'done' ? shownOf(event.record.result, threshold) : undefined);
  }
  return { images, ...count, wallMs: performance.now() - started };
}
