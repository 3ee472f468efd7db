import path from 'node:path';
import { messageOf, PaddleLabError } from '../errors';
import { refuseReplacing } from '../files/replacing';
import { sweepTemporaries } from '../files/temporaries';
import type { AnyModel } from '../model/load-model';
import { predictOutcomes } from '../predict/predict-batch';
import { streamRuns } from '../predict/predict-stream';
import type { SessionPool } from '../predict/session-pool';
import type { PredictResult } from '../results';
import { throwIfAborted } from '../validate';
import { type ImageRecord, Journal, journalName, noJournal, type RunJournal } from './journal';
import { nameOutputs, type OutputNames, type RenamedOutput } from './output-names';
import type { ImageFile, ImageWriter } from './outputs/image-writers';
import type { PlannedImage } from './plan';
import { predictSlices, type SliceSettings } from './slices';

export interface InferImagesOptions {
  readonly folder: string;
  readonly writers: readonly ImageWriter[];
  /** Least score of what is drawn; undefined where nothing is left out by score. */
  readonly threshold: number | undefined;
  /** Least score of what is kept, lower where a file is to hold everything; undefined is the task's own. */
  readonly keepAbove: number | undefined;
  /** Looks at images in windows. */
  readonly slices: SliceSettings | undefined;
  readonly batchSize: number;
  readonly parallel: number;
  /** Whether anything is written at all, for each image or about all. */
  readonly writesFiles: boolean;
  /** Names below the folder that other files have, such as those about all images. */
  readonly taken: readonly string[];
  readonly existing: 'refuse' | 'overwrite' | 'resume';
  /** What must be the same to go on with a run. */
  readonly settings: object;
  readonly signal: AbortSignal | undefined;
}

/** What became of an image, in the images' order. */
export type ImageEvent =
  | { readonly kind: 'done'; readonly image: PlannedImage; readonly record: ImageRecord }
  | { readonly kind: 'skipped'; readonly image: PlannedImage }
  | { readonly kind: 'failed'; readonly image: PlannedImage; readonly error: PaddleLabError };

/** A run over many images: its events, and afterwards the records of all that are done. */
export interface ImageRun {
  readonly events: AsyncGenerator<ImageEvent, void, undefined>;
  /** Results that have another name than their image's, because another result has that. */
  readonly renamed: readonly RenamedOutput[];
  /** Results of frames that a video's run left when it was killed. */
  readonly kept: readonly string[];
  /** How many of the images are done by now, those of the run that this one goes on with included. */
  done(): number;
  /** In the images' order, those of the run that this one goes on with included. */
  records(): AsyncGenerator<ImageRecord, void, undefined>;
}

const choices = {
  existing: '--overwrite to replace it, --resume to go on with a run that was ended, or another --output-dir',
  own: 'another --output-dir',
};

/**
 * Predicts on images and writes what is asked for of each, all stages at work at once. An image that can't be read is an
 * event; what stops everything (no room on the disk, an interrupt) is thrown, and what was done until then stays.
 *
 * @throws PaddleLabError FILE_UNWRITABLE, INVALID_ARGUMENT, ABORTED
 */
export async function inferImages(
  model: AnyModel,
  images: readonly PlannedImage[],
  options: InferImagesOptions,
): Promise<ImageRun> {
  const { folder, settings, existing, writers } = options;
  const before = options.writesFiles && existing === 'resume' ? await Journal.resume(folder, settings) : undefined;
  const todo = images.filter(({ file }) => before?.has(file) !== true);
  const names = nameOutputs(todo, writers, [journalName, ...options.taken, ...(before?.written() ?? [])]);
  const files = todo.flatMap((image) => writers.map((writer) => path.join(folder, names.fileFor(image, writer))));
  // What is there of a run that was killed may be replaced: it was not noted as done.
  const inputs = images.map(({ file }) => file);
  await refuseReplacing(files, inputs, existing !== 'refuse', choices);
  const kept = options.writesFiles ? await sweepTemporaries([folder, ...files.map((file) => path.dirname(file))]) : [];
  const journal = before ?? (options.writesFiles ? await Journal.create(folder, settings) : noJournal);
  return {
    events: runEvents(model, images, journal, names, options),
    renamed: names.renamed,
    kept,
    done: () => inputs.filter((file) => journal.has(file)).length,
    records: () => journal.read(inputs),
  };
}

async function* runEvents(
  model: AnyModel,
  images: readonly PlannedImage[],
  journal: RunJournal,
  names: OutputNames,
  options: InferImagesOptions,
): AsyncGenerator<ImageEvent, void, undefined> {
  const todo: PlannedImage[] = [];
  for (const image of images) {
    if (journal.has(image.file)) yield { kind: 'skipped', image };
    else todo.push(image);
  }
  const work = (sessions: SessionPool, batch: readonly PlannedImage[]) =>
    inferBatch(model, sessions, batch, journal, names, options);
  const { parallel, batchSize } = options;
  yield* streamRuns(model, todo, { parallel, batchSize }, work);
}

async function inferBatch(
  model: AnyModel,
  sessions: SessionPool,
  batch: readonly PlannedImage[],
  journal: RunJournal,
  names: OutputNames,
  { folder, writers, threshold, keepAbove, slices, signal }: InferImagesOptions,
): Promise<ImageEvent[]> {
  throwIfAborted(signal);
  const raw = writers.some(({ needsTensors }) => needsTensors);
  const checked = { threshold: keepAbove, raw, probabilities: false, batchSize: batch.length, signal };
  const files = batch.map(({ file }) => file);
  const outcomes = slices
    ? await Promise.all(files.map((file) => predictSlices(model, sessions, file, slices, checked)))
    : await predictOutcomes(model, sessions, files, checked);
  throwIfAborted(signal);
  return Promise.all(
    outcomes.map(async (outcome, i): Promise<ImageEvent> => {
      const image = batch[i] as PlannedImage;
      if (outcome.kind === 'failed') return { kind: 'failed', image, error: asCoded(outcome.error) };
      const { pixels } = outcome;
      const result = outcome.result as PredictResult;
      const file: ImageFile = { image, pixels, result, threshold };
      const written: string[] = [];
      for (const writer of writers) {
        const name = names.fileFor(image, writer);
        await writer.write(path.join(folder, name), file);
        written.push(name);
      }
      const record: ImageRecord = { file: image.file, name: image.name, result: { ...result }, written };
      await journal.add(record);
      return { kind: 'done', image, record };
    }),
  );
}

function asCoded(error: unknown): PaddleLabError {
  if (error instanceof PaddleLabError) return error;
  return new PaddleLabError('IMAGE_UNREADABLE', messageOf(error), { cause: error });
}
