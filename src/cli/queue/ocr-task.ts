import type { OpenedTools } from '../../infer/queue/engine-cache';
import { readAll } from '../../infer/queue/read-all';
import type { QueueRun } from '../../infer/queue/run-file';
import { textPredictor } from '../../infer/text-predictor';
import { PdfRenderer } from '../../ocr/pdf-renderer';
import { loadTextReader, type TextReader } from '../../ocr/text-reader';
import { checkTiles } from '../../ocr/tile-plan';
import { fraction, integer, listOf, number, type OptionChecks, oneOf } from '../../options';
import { type OcrTask, ocrOutputs, ocrSettings, ocrWriters } from '../ocr/plan-ocr';
import { checkWorkerSettings } from './check-worker';
import { loadOptions } from './load-options';
import { checkPlace, type ModelPlace, modelAt, placeOf } from './model-place';
import type { WorkerContext } from './worker-context';

/** The networks of a command line of `paddlelab ocr`. */
export interface OcrNetworks {
  readonly detection: string | undefined;
  readonly recognition: string | undefined;
  readonly orientation: string | false | undefined;
  readonly pageOrientation: string | undefined;
  readonly unwarping: string | undefined;
}

type NetworkPlaces = { readonly [K in keyof OcrNetworks]?: ModelPlace | false | undefined };

/** What workers do for `paddlelab ocr`, as plain data. */
export interface QueuedOcr {
  readonly command: 'ocr';
  readonly networks: NetworkPlaces;
  readonly options: OcrTask;
}

const roles = ['detection', 'recognition', 'orientation', 'pageOrientation', 'unwarping'] as const;

/** What workers do for a command line; they use the engine that was chosen on this machine. */
export async function queuedOcr(
  reader: TextReader,
  networks: OcrNetworks,
  task: OcrTask,
  root: string,
): Promise<QueuedOcr> {
  const places: Record<string, ModelPlace | false> = {};
  for (const role of roles) {
    const given = networks[role];
    if (given !== undefined) places[role] = given === false ? false : await placeOf(given, root);
  }
  const { preset, load, threshold, batchSize, tiles, dpi, outputs } = task;
  const { threads, ...shared } = load;
  const engines = new Set(reader.networks.map(({ runtime }) => runtime.engine));
  // Where networks have different engines, each machine has to choose the same ones.
  const [engine] = engines;
  const chosen = engines.size === 1 && engine !== undefined ? { ...shared, engine } : shared;
  return {
    command: 'ocr',
    networks: places,
    options: { preset, load: chosen as OcrTask['load'], threshold, batchSize, tiles, dpi, outputs },
  };
}

const optionChecks = {
  preset: oneOf(['rapidocr', 'paddlex']),
  load: loadOptions,
  threshold: fraction,
  batchSize: integer(1),
  tiles: checkTiles,
  dpi: number(1, 2400),
  outputs: listOf('array of outputs', oneOf(ocrOutputs)),
} satisfies OptionChecks<OcrTask>;

function checkNetworks(name: string, value: unknown): NetworkPlaces {
  const place = (key: string, given: unknown): ModelPlace | false | undefined =>
    given === undefined || given === false ? given : checkPlace(key, given);
  return readAll<NetworkPlaces>(name, value, Object.fromEntries(roles.map((role) => [role, place])) as never);
}

const checks = {
  command: oneOf(['ocr']),
  networks: checkNetworks,
  options: (name, value) => readAll(name, value, optionChecks),
} satisfies OptionChecks<QueuedOcr>;

/**
 * Loads the networks of a run on a worker.
 *
 * @throws PaddleLabError INVALID_ARGUMENT, UNKNOWN_OPTION; those of `loadTextReader`; what differs from the run
 */
export async function openOcr(run: QueueRun, context: WorkerContext): Promise<OpenedTools> {
  const { networks, options } = readAll('task of a run', run.task, checks) as QueuedOcr;
  const named: Partial<Record<keyof OcrNetworks, string | false>> = {};
  for (const role of roles) {
    const given = networks[role];
    if (given !== undefined) named[role] = given === false ? false : await modelAt(given, context.root, context.models);
  }
  const { preset, load, threshold, batchSize, tiles, dpi } = options;
  const all = { ...load, threads: context.threads * context.parallel };
  const reader = await loadTextReader({ ...(named as object), preset, ...all, signal: context.stop });
  const pdf = new PdfRenderer(dpi, undefined);
  const close = async (): Promise<void> => {
    await pdf[Symbol.asyncDispose]();
    await reader.dispose();
  };
  try {
    const specs = reader.networks.map(({ spec }) => spec);
    const settings = { settings: ocrSettings(options, reader), size: 1, specs, threshold: undefined };
    await checkWorkerSettings(run, settings, context);
  } catch (error) {
    await close();
    throw error;
  }
  const predictor = textPredictor({ reader, threshold, batchSize, tiles, pdf, signal: undefined });
  return { predictor, writers: ocrWriters(options.outputs), threshold: undefined, close };
}
