import path from 'node:path';
import { anyText, integer, listOf, type OptionChecks, text } from '../../options';
import { invalidArgument } from '../../validate';
import { readAll } from './read-all';
import { isBelow } from './root';

/** An image of a slice. */
export interface SliceImage {
  /** Relative to the shared folder. */
  readonly file: string;
  /** As in `PlannedImage`. */
  readonly name: string;
  /** What is written for it, relative to the folder of results, in the order of the writers. */
  readonly files: readonly string[];
}

/** Some images of a run, which one worker takes: the data of a job of the queue. */
export interface Slice {
  /** The id of the run. */
  readonly run: string;
  /** The folder of results, relative to the shared folder. */
  readonly folder: string;
  /** From 0. */
  readonly slice: number;
  /** Number of images that are predicted together. */
  readonly size: number;
  readonly images: readonly SliceImage[];
}

/** A path that stays below the folder that it belongs to. */
function below(name: string, value: unknown): string {
  const given = anyText(name, value);
  if (isBelow(path.normalize(given))) return given;
  throw invalidArgument(name, 'path below its folder', value);
}

const imageChecks = {
  file: below,
  name: text,
  files: listOf('array of file names', below),
} satisfies OptionChecks<SliceImage>;

const checks = {
  run: text,
  folder: below,
  slice: integer(0),
  size: integer(1),
  images: listOf('array of images', (name, image) => readAll(name, image, imageChecks)),
} satisfies OptionChecks<Slice>;

/**
 * The data of a job, which anybody who reaches the queue may have written.
 *
 * @throws PaddleLabError INVALID_ARGUMENT, UNKNOWN_OPTION
 */
export function checkSlice(value: unknown): Slice {
  return readAll('slice of a queue', value, checks);
}

/** The images of each slice of a run: whole groups, in the order of the images. */
export function slicesOf<T>(images: readonly T[], length: number): T[][] {
  const slices: T[][] = [];
  for (let start = 0; start < images.length; start += length) slices.push(images.slice(start, start + length));
  return slices;
}

/** Slices of a run: enough that all workers end at about the same time, and not more than that. */
const wantedSlices = 200;
/** A worker that dies loses only the images under way; the size of a slice decides how often it asks for more. */
const mostImages = 32;

/**
 * The number of images of a slice.
 *
 * @param size number of images that are predicted together
 */
export function sliceLength(images: number, size: number): number {
  const wanted = Math.min(mostImages, Math.max(1, Math.ceil(images / wantedSlices)));
  return Math.ceil(wanted / size) * size;
}

/** Of a job: the run and the slice, so that a slice can't be in the queue twice. */
export function jobIdOf(run: string, slice: number): string {
  return `${run}-${slice}`;
}

/** The slice of a job of a run. */
export function sliceOfJob(run: string, id: string | undefined): number | undefined {
  const rest = id?.startsWith(`${run}-`) ? id.slice(run.length + 1) : '';
  return /^\d+$/.test(rest) ? Number(rest) : undefined;
}
