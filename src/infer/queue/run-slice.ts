import path from 'node:path';
import { messageOf, PaddleLabError } from '../../errors';
import { mapOrdered } from '../../predict/map-ordered';
import type { FailedImage } from '../../predict/result-journal';
import type { ImagePredictor } from '../image-predictor';
import type { ImageWriter } from '../outputs/image-writer';
import { atRoot } from './root';
import type { Semaphore } from './semaphore';
import { type Slice, type SliceImage, slicesOf } from './slice';
import {
  Attempt,
  type AttemptLine,
  earlierAttempts,
  finishSlice,
  isOutcome,
  nameOf,
  type SliceOutcome,
} from './slice-files';

/** What predicts on the images of slices, and writes their files. */
export interface SliceTools {
  readonly predictor: ImagePredictor;
  readonly writers: readonly ImageWriter[];
  /** Minimum score of drawn objects. */
  readonly threshold: number | undefined;
}

/** Where a slice is worked on. */
export interface SlicePlace {
  /** The shared folder on this machine. */
  readonly root: string;
  /** The same on the machine that started the run, whose paths are in the results. */
  readonly startedAt: string;
  /** The folder of results on this machine. */
  readonly folder: string;
  /** Groups of images at once on this machine, of all slices. */
  readonly semaphore: Semaphore;
  /** Fires when the worker is to end: the images under way are finished, the others left. */
  readonly stop: AbortSignal;
}

/** How often workers may die while they work on an image. */
const mostDeaths = 3;

/**
 * Works on a slice: what earlier attempts have finished is not repeated, and images during which workers died are tried
 * alone, and no more after three deaths.
 *
 * @returns whether the slice is finished; if not, the rest was left, because the worker is to end
 * @throws PaddleLabError FILE_UNWRITABLE, and what else concerns the worker and not an image
 */
export async function runSlice(
  slice: Slice,
  tools: SliceTools,
  place: SlicePlace,
): Promise<SliceOutcome[] | undefined> {
  const earlier = await earlierAttempts(place.folder, slice.slice);
  const outcomes = new Map(earlier.flatMap((lines) => lines.filter(isOutcome).map((line) => [nameOf(line), line])));
  const deaths = deathsIn(earlier);
  const attempt = await Attempt.open(place.folder, slice.slice);
  const groups = slicesOf(slice.images, slice.size).filter((group) => group.some(({ name }) => !outcomes.has(name)));
  const note = async (found: readonly SliceOutcome[]): Promise<void> => {
    for (const outcome of found) {
      outcomes.set(nameOf(outcome), outcome);
      await attempt.add(outcome);
    }
  };
  const work = async (group: readonly SliceImage[]): Promise<void> => {
    if (place.stop.aborted) return;
    await attempt.add({ begin: group.map(({ name }) => name) });
    await note(await workOn(group, tools, place));
  };
  const died = (group: readonly SliceImage[]): number => Math.max(...group.map(({ name }) => deaths.get(name) ?? 0));
  for (const group of groups.filter((one) => died(one) > 0)) {
    if (died(group) >= mostDeaths) await note(group.map((image) => ({ failed: failedAfterDeaths(image, place) })));
    else await place.semaphore.alone(() => work(group));
  }
  const rest = groups.filter((group) => died(group) === 0);
  for await (const _ of mapOrdered(rest, rest.length, (group) => place.semaphore.use(() => work(group))));
  const all = slice.images.flatMap(({ name }) => outcomes.get(name) ?? []);
  if (all.length < slice.images.length) {
    await attempt.add({ left: true });
    return undefined;
  }
  await finishSlice(place.folder, slice.slice, all);
  return all;
}

/** How often a worker died while it worked on an image. */
function deathsIn(attempts: readonly (readonly AttemptLine[])[]): Map<string, number> {
  const deaths = new Map<string, number>();
  for (const lines of attempts) {
    if (lines.some((line) => 'left' in line)) continue;
    const ended = new Set(lines.filter(isOutcome).map(nameOf));
    for (const name of lines.flatMap((line) => ('begin' in line ? line.begin : []))) {
      if (!ended.has(name)) deaths.set(name, (deaths.get(name) ?? 0) + 1);
    }
  }
  return deaths;
}

function failedAfterDeaths({ file, name }: SliceImage, { startedAt }: SlicePlace): FailedImage {
  const message = `${mostDeaths} workers died while they worked on it`;
  return { file: path.resolve(startedAt, file), name, code: 'WORKER_FAILED', message };
}

async function workOn(
  group: readonly SliceImage[],
  { predictor, writers, threshold }: SliceTools,
  { root, startedAt, folder }: SlicePlace,
): Promise<SliceOutcome[]> {
  const files = group.map(({ file }) => atRoot(root, file));
  const outcomes = await predictor.predict(files);
  return Promise.all(
    outcomes.map(async (outcome, i): Promise<SliceOutcome> => {
      const { name, file: relative, files: written } = group[i] as SliceImage;
      const file = path.resolve(startedAt, relative);
      if (outcome.kind === 'failed') {
        const { error } = outcome;
        const code = error instanceof PaddleLabError ? error.code : 'IMAGE_UNREADABLE';
        return { failed: { file, name, code, message: messageOf(error).replaceAll(files[i] as string, file) } };
      }
      const { pixels, result } = outcome;
      for (const [n, writer] of writers.entries()) {
        const target = atRoot(folder, written[n] as string);
        await writer.write(target, { image: { file, name }, pixels, result, threshold });
      }
      return { file, name, result: { ...result }, written };
    }),
  );
}
