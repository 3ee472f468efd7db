import path from 'node:path';
import { messageOf, PaddleLabError } from '../errors';
import type { AnyModel } from '../model/load-model';
import type { Lanes } from '../predict/lanes';
import { predictOutcomes } from '../predict/predict-batch';
import { streamRuns } from '../predict/predict-stream';
import type { PredictResult } from '../results';
import { throwIfAborted } from '../validate';
import { refuseExisting } from './atomic-file';
import { type ImageRecord, Journal, noJournal, type RunJournal } from './journal';
import type { ImageFile, ImageWriter } from './outputs/registry';
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
  /** In the images' order, those of the run that this one goes on with included. */
  records(): AsyncGenerator<ImageRecord, void, undefined>;
}

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
  if (options.existing !== 'overwrite') await refuseResults(images, options);
  const journal = options.writesFiles ? await openJournal(options) : noJournal;
  return {
    events: runEvents(model, images, journal, options),
    records: () => journal.read(images.map(({ file }) => file)),
  };
}

async function openJournal({ folder, settings, existing }: InferImagesOptions): Promise<Journal> {
  if (existing === 'resume') return Journal.resume(folder, settings);
  await Journal.forget(folder);
  return Journal.create(folder, settings);
}

/** Results that are there are kept: nothing starts where one would be replaced. */
async function refuseResults(images: readonly PlannedImage[], options: InferImagesOptions): Promise<void> {
  if (options.existing === 'resume') return;
  for (const image of images) {
    for (const writer of options.writers) {
      const file = path.join(options.folder, writer.fileFor(image));
      await refuseExisting(
        file,
        '--overwrite to replace it, --resume to go on with a run that was ended, or another --output-dir',
      );
    }
  }
}

async function* runEvents(
  model: AnyModel,
  images: readonly PlannedImage[],
  journal: RunJournal,
  options: InferImagesOptions,
): AsyncGenerator<ImageEvent, void, undefined> {
  const todo: PlannedImage[] = [];
  for (const image of images) {
    if (journal.has(image.file)) yield { kind: 'skipped', image };
    else todo.push(image);
  }
  const work = (lanes: Lanes, batch: readonly PlannedImage[]) => inferBatch(model, lanes, batch, journal, options);
  const { parallel, batchSize } = options;
  yield* streamRuns(model, todo, { parallel, batchSize }, work);
}

async function inferBatch(
  model: AnyModel,
  lanes: Lanes,
  batch: readonly PlannedImage[],
  journal: RunJournal,
  { folder, writers, threshold, keepAbove, slices, signal }: InferImagesOptions,
): Promise<ImageEvent[]> {
  throwIfAborted(signal);
  const raw = writers.some(({ needsTensors }) => needsTensors);
  const checked = { threshold: keepAbove, raw, probabilities: false, batchSize: batch.length, signal };
  const files = batch.map(({ file }) => file);
  const outcomes = slices
    ? await Promise.all(files.map((file) => predictSlices(model, lanes, file, slices, checked)))
    : await predictOutcomes(model, lanes, files, checked);
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
        const name = writer.fileFor(image);
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
