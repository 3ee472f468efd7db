import { planPages } from '../../infer/plan-pages';
import { refuseNested } from '../../infer/shards/check-neighbours';
import type { Shard } from '../../infer/shards/shard';
import { refuseExisting } from '../../infer/summaries/summaries';
import { textPredictor } from '../../infer/text-predictor';
import { PdfRenderer } from '../../ocr/pdf-renderer';
import { loadTextReader, type TextReader } from '../../ocr/text-reader';
import { modelTitle } from '../../spec/model-title';
import { jsonConsole } from '../infer/console/json-console';
import type { QueueRequest } from '../infer/read-queue';
import { withShard } from '../infer/read-shard';
import { afterInterrupt, existingOf } from '../infer/resume';
import { type ImageJob, newProgress, runImages, withResumeCommand } from '../infer/run-images';
import { readStandardInput } from '../infer/standard-input';
import { interruptible } from '../interruptible';
import { type OcrNetworks, queuedOcr } from '../queue/ocr-task';
import { runQueued } from '../queue/run-queued';
import { ocrConsole } from './ocr-console';
import { type OcrTask, ocrSettings, ocrSummaries, ocrWriters } from './plan-ocr';

/** A command line of `paddlelab ocr`, checked. */
export interface OcrRequest extends OcrTask, OcrNetworks {
  readonly inputs: readonly string[];
  /** Undefined: all images. */
  readonly shard: Shard | undefined;
  /** Undefined: on this machine. */
  readonly queue: QueueRequest | undefined;
  readonly outputDir: string;
  readonly existing: 'refuse' | 'overwrite' | 'resume';
  readonly json: boolean;
}

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
    const { detection, recognition, orientation, pageOrientation, unwarping, preset, load } = request;
    const networks = { detection, recognition, orientation, pageOrientation, unwarping };
    const reader = await loadTextReader({ ...networks, preset, ...load, signal });
    try {
      const job = { ...jobFor(request, plan, reader, { pdf, signal }), images };
      if (request.queue === undefined) return await runImages(job, progress);
      const { root } = request.queue;
      const specs = reader.networks.map(({ spec }) => spec);
      const queue = { ...request.queue, task: await queuedOcr(reader, request, request, root), size: 1, specs };
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
  reader: TextReader,
  { pdf, signal }: { readonly pdf: PdfRenderer; readonly signal: AbortSignal },
): Omit<ImageJob, 'images'> {
  const { outputDir, threshold, batchSize, tiles, json, shard } = request;
  return {
    ...plan,
    open: () => textPredictor({ reader, threshold, batchSize, tiles, pdf, signal }),
    description: describeReader(reader),
    ...{ threshold: undefined, cocoCategories: false, signal },
    folder: outputDir,
    settings: ocrSettings(request, reader),
    shard: shard && { shard, size: 1, specs: reader.networks.map(({ spec }) => spec) },
    output: json ? jsonConsole() : ocrConsole(),
  };
}

function describeReader({ detection, networks, preset }: TextReader): string {
  const names = networks.map(({ spec, runtime }) => `${modelTitle(spec)} (${runtime.engine})`);
  const { paddle, device, threads } = detection.runtime;
  return `${names.join(', ')}, parameters of ${preset === 'rapidocr' ? 'RapidOCR' : 'PaddleX'}, on Paddle ${paddle}: ${device}, ${threads} thread${threads === 1 ? '' : 's'}`;
}
