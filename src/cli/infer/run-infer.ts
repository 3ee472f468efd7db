import path from 'node:path';
import { PaddleLabError } from '../../errors';
import { isDiskFull } from '../../files/disk-full';
import { type ImageRun, inferImages } from '../../infer/infer-images';
import type { RenamedOutput } from '../../infer/output-names';
import { defaultOutputs, type ImageOutput, writersFor } from '../../infer/outputs/image-writers';
import { type PlannedImage, planImages } from '../../infer/plan';
import { checkSummaries, summaries, summariesOf, writeSummaries } from '../../infer/summaries/summaries';
import type { AnyModel } from '../../model/load-model';
import { canResume, journalNames } from '../../predict/result-journal';
import { resultAbove } from '../../tasks/tasks';
import { interruptible } from '../interruptible';
import { tell } from '../print';
import type { RunConsole, RunTotals } from './console/console';
import { jsonConsole } from './console/json-console';
import { paddleConsole } from './console/paddle-console';
import { summaryConsole } from './console/summary-console';
import { concurrencyFor, defaultThreshold, loadFor, predictionThreshold } from './load-for';
import { reportKept } from './report-kept';
import type { InferRequest, OutputName } from './request';
import { afterInterrupt, progressText, type RunProgress, resumeCommand } from './resume';
import { runBenchmark } from './run-benchmark';
import { runVideo } from './run-video';
import { readStandardInput } from './standard-input';

const exitSomeFailed = 3;
const exitAllFailed = 1;

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
  const progress: Progress = { writesFiles: true, reached: () => undefined };
  const work = async (signal: AbortSignal): Promise<number> => {
    const images = await planImages(source.paths, source.recursive);
    const { parallel, threads } = concurrencyFor(request, images.length);
    const model = await loadFor(request, threads, signal);
    try {
      return await inferAll(model, images, request, parallel, signal, progress);
    } catch (error) {
      throw withResumeCommand(error, argv, progress);
    } finally {
      await model.dispose();
    }
  };
  return interruptible(work, () => afterInterrupt(argv, progress.writesFiles, progress.reached()));
}

/** The progress of a run, for messages when it ends early. */
interface Progress {
  writesFiles: boolean;
  reached: () => RunProgress | undefined;
}

/** When there is space on the disk again, the run can be resumed. */
function withResumeCommand(error: unknown, argv: readonly string[], { reached }: Progress): unknown {
  const came = reached();
  if (!(error instanceof PaddleLabError) || !isDiskFull(error) || came === undefined || came.done === 0) return error;
  const text = `${error.message} (${progressText(came)} finished and kept): ${resumeCommand(argv)}`;
  return new PaddleLabError(error.code, text, { cause: error });
}

async function inferAll(
  model: AnyModel,
  images: readonly PlannedImage[],
  request: InferRequest,
  parallel: number,
  signal: AbortSignal,
  progress: Progress,
): Promise<number> {
  const { outputDir, batchSize } = request;
  const existing = await existingOf(request);
  const threshold = request.threshold ?? defaultThreshold(model);
  const outputs: readonly OutputName[] = request.outputs ?? defaultOutputs(model.spec, request.style);
  const chosen = summariesOf(outputs);
  await checkSummaries(chosen, model.spec, outputDir, existing);
  const perImage = outputs.filter((name): name is ImageOutput => !(name in summaries));
  const run = await inferImages(model, images, {
    folder: outputDir,
    writers: writersFor(perImage, request.style),
    threshold,
    storeThreshold: predictionThreshold(model, outputs, request.threshold),
    slices: request.slices,
    batchSize,
    parallel,
    existing,
    writesFiles: outputs.length > 0,
    taken: chosen.flatMap(({ files }) => files),
    settings: settingsOf(model, request, outputs),
    signal,
  });
  progress.writesFiles = outputs.length > 0;
  progress.reached = () => ({ images: images.length, done: run.done() });
  reportRenamed(run.renamed);
  reportKept(run.kept);
  const output = consoleFor(request);
  try {
    output.begin(model, images.length, parallel);
    const totals = await follow(run, output, images.length, threshold);
    const { cocoCategories } = request;
    const files = await writeSummaries(chosen, run.records, { folder: outputDir, cocoCategories, threshold });
    output.end(totals, files);
    if (totals.failed === 0) return 0;
    return totals.done + totals.skipped === 0 ? exitAllFailed : exitSomeFailed;
  } finally {
    output.close();
  }
}

/** Without a run to resume, existing files may not be overwritten. */
async function existingOf({ existing, outputDir }: InferRequest): Promise<InferRequest['existing']> {
  return existing === 'resume' && !(await canResume(outputDir, journalNames.infer)) ? 'refuse' : existing;
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

function consoleFor({ console, outputDir, load }: InferRequest): RunConsole {
  if (console === 'json') return jsonConsole();
  return console === 'paddle' ? paddleConsole(outputDir, load.config !== undefined) : summaryConsole(outputDir);
}

/** Above this number only the count is printed. */
const maxRenamed = 10;

/** The user could not find a renamed result without this message. */
function reportRenamed(renamed: readonly RenamedOutput[]): void {
  for (const { image, alone, file } of renamed.slice(0, maxRenamed)) {
    tell(`note: the result of ${image.name} is named ${file}, because ${alone} is taken`);
  }
  const more = renamed.length - maxRenamed;
  if (more > 0) tell(`note: ${more} more results are named after the full names of their images`);
}

async function follow(
  run: ImageRun,
  output: RunConsole,
  images: number,
  threshold: number | undefined,
): Promise<RunTotals> {
  const count = { done: 0, failed: 0, skipped: 0 };
  const started = performance.now();
  for await (const event of run.events) {
    count[event.kind]++;
    output.event(event, event.kind === 'done' ? resultAbove(event.record.result, threshold) : undefined);
  }
  return { images, ...count, wallMs: performance.now() - started };
}
