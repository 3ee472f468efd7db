import path from 'node:path';
import type { ImageWriter } from '../../infer/outputs/image-writer';
import { hocrWriter, htmlWriter, textWriter } from '../../infer/outputs/page-text';
import { pictureWriter } from '../../infer/outputs/picture';
import { csvSummary } from '../../infer/summaries/csv';
import { jsonlSummary } from '../../infer/summaries/jsonl';
import type { Summary } from '../../infer/summaries/summary';
import { tsvSummary } from '../../infer/summaries/tsv';
import type { LoadModelOptions } from '../../model/load-model';
import type { TextReader } from '../../ocr/text-reader';
import type { Tiles } from '../../ocr/tile-plan';
import type { Pipeline } from '../../pipelines/pipeline';
import type { TextPreset } from '../../spec/text-presets';

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
export type OcrOutput = WriterName | SummaryName;

/** The names of outputs, for single images or as a summary. */
export const ocrOutputs = [...Object.keys(writers), ...Object.keys(summaries)] as OcrOutput[];

/** What is done with each page, wherever that happens. */
export interface OcrTask {
  readonly preset: TextPreset;
  readonly load: Pick<LoadModelOptions, 'device' | 'engine' | 'precision' | 'threads'>;
  readonly threshold: number;
  readonly batchSize: number;
  readonly tiles: Tiles;
  readonly dpi: number;
  readonly outputs: readonly OcrOutput[];
}

/** The writers of single images. */
export function ocrWriters(outputs: readonly OcrOutput[]): ImageWriter[] {
  const perImage = (Object.keys(writers) as WriterName[]).filter((name) => outputs.includes(name));
  return perImage.map((name) => writers[name](perImage.length > 1 ? name : ''));
}

export function ocrSummaries(outputs: readonly OcrOutput[]): Summary[] {
  return outputs.flatMap((name): Summary[] => (name in summaries ? [summaries[name as SummaryName]] : []));
}

/** Settings that must be the same to resume a run. */
export function ocrSettings({ threshold, batchSize, tiles, dpi, outputs }: OcrTask, reader: TextReader): object {
  const networks = reader.networks.map(({ spec, runtime: { paddle, device, engine, precision } }) => {
    return { model: path.resolve(spec.files.directory), paddle, device, engine, precision };
  });
  return { task: 'text', networks, preset: reader.preset, threshold, batchSize, tiles, dpi, outputs };
}

/** The same with a pipeline on a server. */
export function pipelineSettings({ threshold, dpi, outputs }: OcrTask, { task, urls, settings }: Pipeline): object {
  return { task: 'text', pipeline: task, urls, parameters: settings.parameters, threshold, dpi, outputs };
}
