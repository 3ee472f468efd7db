import { planPages } from '../../infer/plan-pages';
import { refuseNested } from '../../infer/shards/check-neighbours';
import { refuseExisting } from '../../infer/summaries/summaries';
import { PdfRenderer } from '../../ocr/pdf-renderer';
import { jsonConsole } from '../infer/console/json-console';
import { withShard } from '../infer/read-shard';
import { afterInterrupt, existingOf } from '../infer/resume';
import { type ImageJob, newProgress, runImages, withResumeCommand } from '../infer/run-images';
import { readStandardInput } from '../infer/standard-input';
import { interruptible } from '../interruptible';
import { runQueued } from '../queue/run-queued';
import { ocrConsole } from './ocr-console';
import { type OpenedReader, openReader } from './open-reader';
import { ocrSummaries, ocrWriters } from './plan-ocr';
import type { OcrRequest } from './request';

/**
 * Runs a command line of `paddlelab ocr`; returns the exit code.
 *
 * @param argv the command line, for messages on how to resume
 */
export async function runOcr(request: OcrRequest, argv: readonly string[]): Promise<number> {
  const [only] = request.inputs;
  if (request.inputs.length === 1 && only === '-') {
    const { file, clear } = await readStandardInput();
    return runOcr({ ...request, inputs: [file] }, argv).finally(clear);
  }
  const progress = newProgress();
  const line = withShard(argv, request.shard);
  const work = async (signal: AbortSignal): Promise<number> => {
    if ((request.shard ?? request.queue) !== undefined) await refuseNested(request.inputs, request.outputDir);
    await using pdf = new PdfRenderer(request.dpi, signal);
    const images = await planPages(request.inputs, pdf, signal);
    const plan = await planOutputs(request);
    const reader = await openReader(request, pdf, signal);
    try {
      const job = { ...jobFor(request, plan, reader, signal), images };
      if (request.queue === undefined) return await runImages(job, progress);
      const task = await reader.queued(request.queue.root);
      const queue = { ...request.queue, task, size: 1, specs: reader.specs };
      return await runQueued(job, { ...queue, bar: undefined }, signal, progress);
    } catch (error) {
      throw withResumeCommand(error, line, progress);
    } finally {
      await reader.dispose();
    }
  };
  return interruptible(work, () => afterInterrupt(line, progress.writesFiles, progress.reached()));
}

/** What is written, and over what. */
type OutputPlan = Pick<ImageJob, 'writers' | 'summaries' | 'existing'>;

/** Refuses files that exist before any network is loaded. */
async function planOutputs({ outputs, outputDir, shard, queue, existing: wanted }: OcrRequest): Promise<OutputPlan> {
  const existing = await existingOf(wanted, outputDir, shard, queue);
  const summaries = ocrSummaries(outputs);
  // Those of shards are written when the shards are merged.
  if (shard === undefined) await refuseExisting(summaries, outputDir, existing);
  return { writers: ocrWriters(outputs), summaries, existing };
}

function jobFor(
  request: OcrRequest,
  plan: OutputPlan,
  { description, settings, specs, predictor }: OpenedReader,
  signal: AbortSignal,
): Omit<ImageJob, 'images'> {
  const { outputDir, json, shard } = request;
  return {
    ...plan,
    open: predictor,
    ...{ description, settings, threshold: undefined, cocoCategories: false, signal },
    folder: outputDir,
    shard: shard && { shard, size: 1, specs },
    output: json ? jsonConsole() : ocrConsole(),
  };
}
