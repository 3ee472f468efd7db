import type { RgbImage } from '../image/image';
import { type Crop, cropPixels } from '../image/raw-pixels';
import { quadArea } from '../metrics/quad-overlap';
import type { Model } from '../model/model';
import { predict } from '../predict/predict';
import type { TextRegion, TextTiles, Timings } from '../results';
import { throwIfAborted } from '../validate';
import { joinRegions, type TileRegion } from './join-regions';
import { withLargeLines } from './large-lines';
import type { TilePlan } from './tile-plan';

/** The lines that were found in the tiles of an image. */
export interface RegionsOfTiles {
  readonly regions: readonly TextRegion[];
  /** Of each run of the detector. */
  readonly timings: readonly Timings[];
  readonly tiles: TextTiles;
}

/** A whole image of this shape is as large for the detector as a few tiles; a longer strip would need much more memory. */
const widest = 8;

/** Finds lines in one tile after the other, so that no more memory is needed than for one of them. */
export async function findInTiles(
  detection: Model<'text-detection'>,
  pixels: RgbImage,
  { size, overlap, tiles }: TilePlan,
  signal: AbortSignal | undefined,
): Promise<RegionsOfTiles> {
  const timings: Timings[] = [];
  const find = async (part: RgbImage): Promise<readonly TextRegion[]> => {
    throwIfAborted(signal);
    const found = await predict(detection, part, signal === undefined ? {} : { signal });
    timings.push(found.timings);
    return found.regions;
  };
  const parts: TileRegion[] = [];
  for (const tile of tiles) {
    for (const region of await find(notNarrow(cropPixels(pixels, tile)))) parts.push(...placed(region, tile));
  }
  const joined = joinRegions(parts);
  const [short, long] = [pixels.width, pixels.height].sort((a, b) => a - b) as [number, number];
  const whole = short > size && long <= widest * short ? await find(pixels) : [];
  const regions = withLargeLines(joined, whole, overlap);
  return { regions, timings, tiles: { size, overlap, count: tiles.length } };
}

/** Black beside narrow tiles, as RapidOCR adds it to low images: small sides are enlarged, and others with them. */
function notNarrow(tile: RgbImage): RgbImage {
  const { width, height, data } = tile;
  const [across, down] = [Math.max(width, Math.ceil(height / widest)), Math.max(height, Math.ceil(width / widest))];
  if (across === width && down === height) return tile;
  const canvas = new Uint8Array(across * down * 3);
  for (let y = 0; y < height; y++) canvas.set(data.subarray(y * width * 3, (y + 1) * width * 3), y * across * 3);
  return { width: across, height: down, data: canvas };
}

/** In pixels of the whole image; none if nothing of it is inside the tile. */
function placed({ polygon, score }: TextRegion, tile: Crop): TileRegion[] {
  const inside = polygon.map(([x, y]) => [Math.min(x, tile.width), Math.min(y, tile.height)] as const);
  if (quadArea(inside.flat()) === 0) return [];
  return [{ polygon: inside.map(([x, y]) => [x + tile.left, y + tile.top] as const), score, tile }];
}
