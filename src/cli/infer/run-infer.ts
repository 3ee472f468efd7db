import os from 'node:os';
import path from 'node:path';
import { type ImageRun, inferImages } from '../../infer/infer-images';
import { defaultOutputs, type ImageOutput, writersFor } from '../../infer/outputs/registry';
import { type PlannedImage, planImages } from '../../infer/plan';
import { summaries } from '../../infer/summaries/registry';
import { shownOf } from '../../infer/summaries/shown';
import { type AnyModel, loadModel } from '../../model/load-model';
import { saysNothing, tutorialConfig } from './bare-classifier';
import type { RunConsole, RunTotals } from './console/console';
import { jsonConsole } from './console/json-console';
import { paddleConsole } from './console/paddle-console';
import { summaryConsole } from './console/summary-console';
import { interruptible } from './interruptible';
import type { InferRequest, OutputName } from './request';

const exitSomeFailed = 3;
const exitAllFailed = 1;

/** Does what a command line of `paddlelab infer` asks for; answers the exit code. */
export async function runInfer(request: InferRequest): Promise<number> {
  return interruptible(async (signal) => {
    const images = await planFor(request);
    const parallel = widthFor(request, images.length);
    const threads = request.load.threads ?? (parallel > 1 ? 1 : os.availableParallelism());
    const model = await load(request, threads, signal);
    try {
      return await inferAll(model, images, request, parallel, signal);
    } finally {
      await model.dispose();
    }
  });
}

function planFor({ source }: InferRequest): Promise<PlannedImage[]> {
  if (source.kind !== 'images') throw new Error('video');
  return planImages(source.paths, true);
}

async function load(request: InferRequest, threads: number, signal: AbortSignal): Promise<AnyModel> {
  const options = { ...request.load, threads, signal };
  if (!(await saysNothing(request.model))) return loadModel(request.model, options);
  const { resizeSize, cropSize } = request.bareClassifier;
  process.stderr.write(
    `note: ${request.model} has no configuration and is taken for a classifier: shorter side to ${resizeSize}, ` +
      `middle ${cropSize}×${cropSize} (--resize-size, --crop-size)\n`,
  );
  return loadModel(request.model, { ...options, config: tutorialConfig(request.bareClassifier) });
}

/** Runs of one thread each make the most of the cores, where there are as many images. */
function widthFor({ parallel, load, batchSize }: InferRequest, images: number): number {
  const runs = Math.ceil(images / batchSize);
  if (parallel !== undefined) return Math.max(1, Math.min(parallel, runs));
  if (load.device !== undefined && load.device !== 'cpu') return 1;
  const cores = Math.floor(os.availableParallelism() / (load.threads ?? 1));
  return Math.max(1, Math.min(cores, runs));
}

async function inferAll(
  model: AnyModel,
  images: readonly PlannedImage[],
  request: InferRequest,
  parallel: number,
  signal: AbortSignal,
): Promise<number> {
  const { outputDir, threshold, batchSize, existing } = request;
  const outputs: readonly OutputName[] = request.outputs ?? defaultOutputs(model.kind);
  const perImage = outputs.filter((name): name is ImageOutput => !(name in summaries));
  const run = await inferImages(model, images, {
    folder: outputDir,
    writers: writersFor(perImage, request.style),
    threshold,
    // Paddle's JSON files hold every row, whatever is drawn.
    keepAbove: outputs.includes('coco') ? 0 : threshold,
    batchSize,
    parallel,
    existing,
    settings: settingsOf(model, request, outputs),
    signal,
  });
  const told = consoleFor(request);
  told.begin(model, images.length, parallel);
  const totals = await follow(run, told, images.length, threshold ?? defaultThreshold(model));
  const files = await summarise(run, request, outputs, threshold ?? defaultThreshold(model));
  told.end(totals, files);
  if (totals.failed === 0) return 0;
  return totals.done + totals.skipped === 0 ? exitAllFailed : exitSomeFailed;
}

/** 0.5 for objects, as in Paddle's scripts. */
function defaultThreshold({ spec, kind }: AnyModel): number | undefined {
  return kind.includes('detection') || kind === 'instance-segmentation' ? (spec.outputs.threshold ?? 0.5) : undefined;
}

/** What must be the same for a run to go on. */
function settingsOf(model: AnyModel, request: InferRequest, outputs: readonly string[]): object {
  const { threshold, style, cocoCategories } = request;
  const { engine, precision, device, paddle } = model.runtime;
  const folder = path.resolve(model.spec.files.directory);
  return { model: folder, paddle, device, engine, precision, threshold, style, cocoCategories, outputs };
}

function consoleFor({ console, outputDir }: InferRequest): RunConsole {
  if (console === 'json') return jsonConsole();
  return console === 'paddle' ? paddleConsole(outputDir) : summaryConsole(outputDir);
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

async function summarise(
  run: ImageRun,
  { outputDir: folder, cocoCategories }: InferRequest,
  outputs: readonly OutputName[],
  threshold: number | undefined,
): Promise<string[]> {
  const files: string[] = [];
  for (const [name, write] of Object.entries(summaries)) {
    if (outputs.includes(name as OutputName)) {
      files.push(...(await write(run.records(), { folder, cocoCategories, threshold })));
    }
  }
  return files;
}
