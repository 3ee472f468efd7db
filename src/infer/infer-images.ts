import path from 'node:path';
import { messageOf, PaddleLabError } from '../errors';
import { refuseReplacing } from '../files/replacing';
import { sweepTemporaries } from '../files/temporaries';
import { streamGroups } from '../predict/predict-stream';
import {
  type FailedImage,
  type ImageRecord,
  Journal,
  journalNames,
  noJournal,
  type RunJournal,
} from '../predict/result-journal';
import { throwIfAborted } from '../validate';
import type { ImagePredictor } from './image-predictor';
import { nameOutputs, type OutputNames, type RenamedOutput } from './output-names';
import type { ImageFile, ImageWriter } from './outputs/image-writers';
import type { PlannedImage } from './plan';
import { checkNeighbours } from './shards/check-neighbours';
import { journalOf } from './shards/shard';
import type { ShardPlan } from './shards/shard-plan';

export interface InferImagesOptions {
  readonly folder: string;
  readonly writers: readonly ImageWriter[];
  /** Minimum score of drawn objects; undefined if nothing is filtered by score. */
  readonly threshold: number | undefined;
  /** Whether any file is written, for single images or as a summary. */
  readonly writesFiles: boolean;
  /** Names in the folder of results that are used by other files, such as summaries. */
  readonly taken: readonly string[];
  readonly existing: 'refuse' | 'overwrite' | 'resume';
  /** Settings that must be the same to resume a run. */
  readonly settings: object;
  /** Undefined: the run is not divided. */
  readonly shard: ShardPlan | undefined;
  readonly signal: AbortSignal | undefined;
}

/** The outcome of an image, in the images' order. */
export type ImageEvent =
  | { readonly kind: 'done'; readonly image: PlannedImage; readonly record: ImageRecord }
  | { readonly kind: 'skipped'; readonly image: PlannedImage }
  | { readonly kind: 'failed'; readonly image: PlannedImage; readonly error: PaddleLabError };

/** A run over many images: its events, and afterwards the records of all finished images. */
export interface ImageRun {
  readonly events: AsyncGenerator<ImageEvent, void, undefined>;
  /** Results that were renamed because another result has the name of their image. */
  readonly renamed: readonly RenamedOutput[];
  /** Results of frames from a killed run over a video. */
  readonly kept: readonly string[];
  /** Number of finished images so far, including those of the resumed run. */
  done(): number;
  /** The records in the images' order, including those of the resumed run. */
  records(): AsyncGenerator<ImageRecord, void, undefined>;
}

const choices = {
  existing: '--overwrite to replace it, --resume to continue an interrupted run, or another --output-dir',
  own: 'another --output-dir',
};

/**
 * Predicts on images and writes the requested files for each, with all stages running concurrently. An image that can't
 * be read is an event; errors that affect the whole run (disk full, interrupt) are thrown, and finished results are
 * kept.
 *
 * @throws PaddleLabError FILE_UNWRITABLE, INVALID_ARGUMENT, ABORTED
 */
export async function inferImages(
  open: () => ImagePredictor,
  images: readonly PlannedImage[],
  options: InferImagesOptions,
): Promise<ImageRun> {
  const { folder, existing, writers, shard, writesFiles } = options;
  const own = shard?.images ?? images;
  const name = journalOf(shard?.head);
  const settings = shard === undefined ? options.settings : { ...options.settings, shard: shard.head };
  if (shard !== undefined && writesFiles) {
    // A shard without files for its images has nothing else that tells of an earlier run.
    await refuseReplacing([path.join(folder, name)], [], existing !== 'refuse', choices);
    if (existing !== 'overwrite') await checkNeighbours(folder, settings);
  }
  const before = writesFiles && existing === 'resume' ? await Journal.resume(folder, name, settings) : undefined;
  const todo = unfinished(own, before, shard?.head.size ?? 1);
  const pending = new Set(todo);
  // A shard's images are named among those of all shards.
  const named = shard === undefined ? todo : images;
  const earlier = shard === undefined ? (before?.written() ?? []) : [];
  const names = nameOutputs(named, writers, [journalNames.infer, ...options.taken, ...earlier]);
  const files = todo.flatMap((image) => writers.map((writer) => path.join(folder, names.fileFor(image, writer))));
  const inputs = images.map(({ file }) => file);
  // Files of a killed run may be replaced: they were not recorded as finished.
  await refuseReplacing(files, inputs, existing !== 'refuse', choices);
  const kept = writesFiles ? await sweepTemporaries([folder, ...files.map((file) => path.dirname(file))]) : [];
  const journal = before ?? (writesFiles ? await Journal.create(folder, name, settings) : noJournal);
  return {
    events: runEvents(open, own, pending, journal, names, options),
    renamed: names.renamed.filter(({ image }) => pending.has(image)),
    kept,
    done: () => own.filter(({ file }) => journal.has(file)).length,
    records: () => journal.read(own.map(({ file }) => file)),
  };
}

/**
 * The images of groups that are not finished. A shard repeats groups as a whole: in another one, an image of a detector
 * may be padded otherwise.
 */
function unfinished(images: readonly PlannedImage[], journal: Journal | undefined, size: number): PlannedImage[] {
  if (journal === undefined) return [...images];
  const groups = new Set<number>();
  for (const [i, { file }] of images.entries()) if (!journal.has(file)) groups.add(Math.floor(i / size));
  return images.filter((_, i) => groups.has(Math.floor(i / size)));
}

async function* runEvents(
  open: () => ImagePredictor,
  images: readonly PlannedImage[],
  pending: ReadonlySet<PlannedImage>,
  journal: RunJournal,
  names: OutputNames,
  options: InferImagesOptions,
): AsyncGenerator<ImageEvent, void, undefined> {
  for (const image of images) if (!pending.has(image)) yield { kind: 'skipped', image };
  const failed: FailedImage[] = [];
  const predictor = open();
  try {
    const events = streamGroups(pending, predictor, (batch) => inferBatch(predictor, batch, journal, names, options));
    for await (const event of events) {
      if (event.kind === 'failed') failed.push(failureOf(event));
      yield event;
    }
  } finally {
    await predictor.close();
  }
  if (options.shard !== undefined) await journal.end(failed);
}

function failureOf({ image, error }: Extract<ImageEvent, { readonly kind: 'failed' }>): FailedImage {
  return { ...image, code: error.code, message: error.message };
}

async function inferBatch(
  predictor: ImagePredictor,
  batch: readonly PlannedImage[],
  journal: RunJournal,
  names: OutputNames,
  { folder, writers, threshold, signal }: InferImagesOptions,
): Promise<ImageEvent[]> {
  throwIfAborted(signal);
  const outcomes = await predictor.predict(batch.map(({ file }) => file));
  throwIfAborted(signal);
  return Promise.all(
    outcomes.map(async (outcome, i): Promise<ImageEvent> => {
      const image = batch[i] as PlannedImage;
      if (outcome.kind === 'failed') return { kind: 'failed', image, error: asCoded(outcome.error) };
      const { pixels, result } = outcome;
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
