import { isImageFile } from '../../image/resolve-images';
import type { ImagePredictor } from '../../infer/image-predictor';
import { pipelinePredictor } from '../../infer/pipeline-predictor';
import { textPredictor } from '../../infer/text-predictor';
import { decodePage } from '../../ocr/pdf-pages';
import type { PdfRenderer } from '../../ocr/pdf-renderer';
import { loadTextReader, type TextReader } from '../../ocr/text-reader';
import { loadPipeline } from '../../pipelines/load-pipeline';
import { modelTitle } from '../../spec/model-title';
import type { ModelSpec } from '../../spec/spec';
import { describePipeline } from '../infer/plan-pipeline';
import type { PipelineRequest } from '../infer/read-pipeline';
import { refuse } from '../infer/refuse';
import { queuedOcr } from '../queue/ocr-task';
import { ocrSettings, pipelineSettings } from './plan-ocr';
import type { OcrRequest } from './request';

/** What reads the pages of a command line, loaded: networks here, or a pipeline on a server. */
export interface OpenedReader {
  /** What reads, in one line. */
  readonly description: string;
  /** Settings that must be the same to resume a run. */
  readonly settings: object;
  readonly specs: readonly ModelSpec[];
  predictor(): ImagePredictor;
  /** What workers of a queue do, as plain data. */
  queued(root: string): Promise<object>;
  dispose(): Promise<void>;
}

export function openReader(request: OcrRequest, pdf: PdfRenderer, signal: AbortSignal): Promise<OpenedReader> {
  const { pipeline } = request;
  return pipeline === undefined ? openNetworks(request, pdf, signal) : openPipeline(request, pipeline, pdf, signal);
}

async function openNetworks(request: OcrRequest, pdf: PdfRenderer, signal: AbortSignal): Promise<OpenedReader> {
  const { detection, recognition, orientation, pageOrientation, unwarping, preset, load } = request;
  const networks = { detection, recognition, orientation, pageOrientation, unwarping };
  const reader = await loadTextReader({ ...networks, preset, ...load, signal });
  const { threshold, batchSize, tiles } = request;
  return {
    description: describeReader(reader),
    settings: ocrSettings(request, reader),
    specs: reader.networks.map(({ spec }) => spec),
    predictor: () => textPredictor({ reader, threshold, batchSize, tiles, pdf, signal }),
    queued: (root) => queuedOcr(reader, request, request, root),
    dispose: () => reader.dispose(),
  };
}

async function openPipeline(
  request: OcrRequest,
  { url, options }: PipelineRequest,
  pdf: PdfRenderer,
  signal: AbortSignal,
): Promise<OpenedReader> {
  const pipeline = await loadPipeline(url, { ...options, task: 'ocr', signal });
  const parallel = pipeline.imagesAtOnce;
  const { threshold } = request;
  const open = async (file: string) => (isImageFile(file) ? file : decodePage(file, pdf));
  return {
    description: describePipeline(pipeline, parallel),
    settings: pipelineSettings(request, pipeline),
    specs: [],
    predictor: () => pipelinePredictor(pipeline, { parallel, threshold, signal, open }),
    // The flag is refused before.
    queued: () => Promise.reject(refuse('--queue is for networks')),
    dispose: () => pipeline.dispose(),
  };
}

function describeReader({ detection, networks, preset }: TextReader): string {
  const names = networks.map(({ spec, runtime }) => `${modelTitle(spec)} (${runtime.engine})`);
  const { paddle, device, threads } = detection.runtime;
  return `${names.join(', ')}, parameters of ${preset === 'rapidocr' ? 'RapidOCR' : 'PaddleX'}, on Paddle ${paddle}: ${device}, ${threads} thread${threads === 1 ? '' : 's'}`;
}
