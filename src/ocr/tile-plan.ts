import { PaddleLabError } from '../errors';
import type { RgbImage } from '../image/image';
import type { Crop } from '../image/raw-pixels';
import { integer, type OptionChecks, readOptions } from '../options';
import { currentSize, startState } from '../preprocess/state';
import type { ModelSpec } from '../spec/spec';
import { invalidArgument } from '../validate';

/** How a large image is divided before lines are found in it. */
export interface TileOptions {
  /** Side of a tile in pixels; by default the largest that the detector sees at its full size, at most 2000. */
  readonly size?: number;
  /** Pixels that neighbours share at least; by default an eighth of the side. Higher lines are found in the whole image only. */
  readonly overlap?: number;
}

/**
 * `'auto'`: tiles where the detector would reduce the longer side to less than a third, or enlarge a narrow strip to more than 16
 * million pixels; `false`: never.
 */
export type Tiles = 'auto' | false | TileOptions;

/** The tiles of an image. */
export interface TilePlan {
  readonly size: number;
  readonly overlap: number;
  /** Row by row; those of one image are equally large. */
  readonly tiles: readonly Crop[];
}

type Size = Pick<RgbImage, 'width' | 'height'>;

/** Letters of usual sizes are lost where an image is reduced by more than 3; sides are rounded to multiples of 32. */
const largestReduction = 3.05;
/** RapidOCR makes more of a strip that is thirty times as high as wide: its network would need gigabytes. */
const largestInput = 2 ** 24;
/** As RapidOCR's limit; a larger tile needs more memory than it saves time. */
const largestTile = 2000;
/** Smaller tiles would be smaller than the words in them. */
export const smallestTile = 64;

const checks = { size: integer(smallestTile), overlap: integer(0) } satisfies OptionChecks<TileOptions>;

/** Checks the option `tiles`. */
export function checkTiles(name: string, value: unknown): Tiles {
  if (value === 'auto' || value === false) return value;
  if (typeof value !== 'object' || value === null)
    throw invalidArgument(name, '"auto", false or { size, overlap }', value);
  const { size, overlap } = readOptions<TileOptions>(name, value, checks, `${name}.`);
  if (overlap !== undefined && overlap > (size ?? largestTile) / 2) {
    throw invalidArgument(`${name}.overlap`, 'at most half of the size', overlap);
  }
  return value;
}

/** The tiles to find lines in; undefined: the whole image at once, as Python does. */
export function planTiles(spec: ModelSpec, image: Size, tiles: Tiles): TilePlan | undefined {
  if (tiles === false) return undefined;
  const { reduction, pixels } = inputOf(spec, image);
  const isTooLarge = pixels > largestInput;
  if (tiles === 'auto' && reduction <= largestReduction && !isTooLarge) return undefined;
  const given = tiles === 'auto' ? {} : tiles;
  const size = given.size ?? fullSizeTile(spec);
  const overlap = Math.min(given.overlap ?? Math.round(size / 8), Math.floor(size / 2));
  if (image.width <= size && image.height <= size && !isTooLarge) return undefined;
  const [lefts, tops] = [startsOf(image.width, size, overlap), startsOf(image.height, size, overlap)];
  const [width, height] = [Math.min(size, image.width), Math.min(size, image.height)];
  return { size, overlap, tiles: tops.flatMap((top) => lefts.map((left) => ({ left, top, width, height }))) };
}

interface DetectorInput {
  /** How many times smaller the image's longer side is at most while the input is made of it; at least 1. */
  readonly reduction: number;
  /** Infinite if it is refused. */
  readonly pixels: number;
}

function inputOf({ preprocess }: ModelSpec, { width, height }: Size): DetectorInput {
  const long = Math.max(width, height);
  let [state, least] = [startState({ width, height }), long];
  try {
    for (const step of preprocess) {
      // What a step of one's own does is known only once it has pixels.
      if ('transform' in step) break;
      state = step.apply(state);
      const now = currentSize(state);
      least = Math.min(least, width >= height ? now.width : now.height);
    }
  } catch (error) {
    if (error instanceof PaddleLabError && error.code === 'CONFIG_INVALID') return { reduction: 1, pixels: Infinity };
    throw error;
  }
  const input = currentSize(state);
  return { reduction: long / least, pixels: input.width * input.height };
}

function fullSizeTile(spec: ModelSpec): number {
  const side = { width: largestTile, height: largestTile };
  return Math.max(smallestTile, Math.round(largestTile / inputOf(spec, side).reduction));
}

/** As few as possible, evenly spread. */
function startsOf(length: number, size: number, overlap: number): number[] {
  if (length <= size) return [0];
  const count = Math.ceil((length - overlap) / (size - overlap));
  return Array.from({ length: count }, (_, i) => Math.round((i * (length - size)) / (count - 1)));
}
