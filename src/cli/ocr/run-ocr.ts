import path from 'node:path';
import type { ImageWriter } from '../../infer/outputs/image-writer';
import { hocrWriter, htmlWriter, textWriter } from '../../infer/outputs/page-text';
import { pictureWriter } from '../../infer/outputs/picture';
import { planPages } from '../../infer/plan-pages';
import { refuseNested } from '../../infer/shards/check-neighbours';
import type { Shard } from '../../infer/shards/shard';
import { csvSummary } from '../../infer/summaries/csv';
import { jsonlSummary } from '../../infer/summaries/jsonl';
import { refuseExisting } from '../../infer/summaries/summaries';
import type { Summary } from '../../infer/summaries/summary';
import { tsvSummary } from '../../infer/summaries/tsv';
import { textPredictor } from '../../infer/text-predictor';
import type { LoadModelOptions } from '../../model/load-model';
import { PdfRenderer } from '../../ocr/pdf-renderer';
import { loadTextReader, type TextReader } from '../../ocr/text-reader';
import type { Tiles } from '../../ocr/tile-plan';
import { modelTitle } from '../../spec/model-title';
import type { TextPreset } from '../../spec/text-presets';
import { jsonConsole } from '../infer/console/json-console';
import { withShard } from '../infer/read-shard';
import { afterInterrupt, existingOf } from '../infer/resume';
import { type ImageJob, newProgress, runImages, withResumeCommand } from '../infer/run-images';
import { readStandardInput } from '../infer/standard-input';
import { interruptible } from '../interruptible';
import { ocrConsole } from './ocr-console';

/** In the order in which they write: drawing a picture may overwrite the pixels. */
const writers = {
  text: textWriter,
  hocr: hocrWriter,
  html: htmlWriter,
  picture: (folder: string) => pictureWriter(folder, 'paddlelab'),
};
const summaries = { tsv: tsvSummary, jsonl: jsonlSummary, csv: csvSummary };

type WriterName = keyof typeof writers;
type SummaryName = keyof typeof summaries;

/** The names of outputs, for single images or as a summary. */
export const ocrOutputs = [...Object.keys(writers), ...Object.keys(summaries)] as (WriterName | SummaryName)[];

/** A command line of `paddlelab ocr`, checked. */
export interface OcrRequest {
  readonly inputs: readonly string[];
  /** Undefined: all images. */
  readonly shard: Shard | undefined;
  readonly detection: string | undefined;
  readonly recognition: string | undefined;
  readonly orientation: string | false | undefined;
  readonly pageOrientation: string | undefined;
  readonly unwarping: string | undefined;
  readonly preset: TextPreset;
  readonly load: Pick<LoadModelOptions, 'device' | 'engine' | 'precision' | 'threads'>;
  readonly threshold: number;
  readonly batchSize: number;
  readonly tiles: Tiles;
  readonly dpi: number;
  readonly outputs: readonly (WriterName | SummaryName)[];
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
    if (request.shard !== undefined) await refuseNested(request.inputs, request.outputDir);
    await using pdf = new PdfRenderer(request.dpi, signal);
    const images = await planPages(request.inputs, pdf, signal);
    const plan = await planOutputs(request);
    const { detection, recognition, orientation, pageOrientation, unwarping, preset, load } = request;
    const networks = { detection, recognition, orientation, pageOrientation, unwarping };
    const reader = await loadTextReader({ ...networks, preset, ...load, signal });
    try {
      return await runImages({ ...jobFor(request, plan, reader, { pdf, signal }), images }, progress);
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
async function planOutputs({ outputs, outputDir, shard, existing: wanted }: OcrRequest): Promise<OutputPlan> {
  const existing = await existingOf(wanted, outputDir, shard);
  const chosen = outputs.flatMap((name): Summary[] => (name in summaries ? [summaries[name as SummaryName]] : []));
  // Those of shards are written when the shards are merged.
  if (shard === undefined) await refuseExisting(chosen, outputDir, existing);
  const perImage = (Object.keys(writers) as WriterName[]).filter((name) => outputs.includes(name));
  const folderOf = (name: WriterName): string => (perImage.length > 1 ? name : '');
  return {
    writers: perImage.map((name): ImageWriter => writers[name](folderOf(name))),
    ...{ summaries: chosen, existing },
  };
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
    settings: settingsOf(request, reader),
    shard: shard && { shard, size: 1, specs: reader.networks.map(({ spec }) => spec) },
    output: json ? jsonConsole() : ocrConsole(),
  };
}

/** Settings that must be the same to resume a run. */
function settingsOf({ threshold, batchSize, tiles, dpi, outputs }: OcrRequest, reader: TextReader): object {
  const networks = reader.networks.map(({ spec, runtime: { paddle, device, engine, precision } }) => {
    return { model: path.resolve(spec.files.directory), paddle, device, engine, precision };
  });
  return { task: 'text', networks, preset: reader.preset, threshold, batchSize, tiles, dpi, outputs };
}

function describeReader({ detection, networks, preset }: TextReader): string {
  const names = networks.map(({ spec, runtime }) => `${modelTitle(spec)} (${runtime.engine})`);
  const { paddle, device, threads } = detection.runtime;
  return `${names.join(', ')}, parameters of ${preset === 'rapidocr' ? 'RapidOCR' : 'PaddleX'}, on Paddle ${paddle}: ${device}, ${threads} thread${threads === 1 ? '' : 's'}`;
}
