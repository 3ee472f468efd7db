import type { Sharp } from 'sharp';
import { readPalettePng } from '../drawing/png';
import { messageOf, PaddleLabError } from '../errors';
import { readFile } from '../files/fs';
import { readImageSize } from '../image/image-size';
import { loadSharp } from '../image/load-sharp';
import type { DatasetImage } from './dataset';
import { datasetInvalid, imageLeftOut } from './faults';
import type { LabelPixels } from './truth';

/** The value of pixels that are ignored, in VOC, PaddleSeg and Cityscapes. */
export const ignoredPixel = 255;

/**
 * Reads a PNG whose pixels are class numbers, in grey or as a palette.
 *
 * @throws PaddleLabError IMAGE_UNREADABLE if it is damaged, in colours or has 16 bits
 */
export async function readMaskPng(file: string, bytes: Buffer): Promise<LabelPixels> {
  try {
    return readPalettePng(bytes) ?? (await readGrey(file, loadSharp()(bytes)));
  } catch (error) {
    if (error instanceof PaddleLabError) throw error;
    throw unreadable(file, messageOf(error), error);
  }
}

async function readGrey(file: string, image: Sharp): Promise<LabelPixels> {
  const { depth, format } = await image.metadata();
  // Its pixels are near the numbers that were written, but not the same.
  if (format === 'jpeg') throw unreadable(file, 'it is a JPEG');
  if (depth !== 'uchar') throw unreadable(file, `its pixels are of type ${depth}`);
  const { data, info } = await image.raw().toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  if (channels === 1) return { width, height, data };
  const numbers = new Uint8Array(width * height);
  // The second of two channels, and the last of four, is alpha.
  const colors = channels - (channels % 2 === 0 ? 1 : 0);
  for (let pixel = 0; pixel < numbers.length; pixel++) {
    const at = pixel * channels;
    for (let color = 1; color < colors; color++) {
      if (data[at + color] !== data[at]) throw unreadable(file, 'its pixels are colours');
    }
    numbers[pixel] = data[at] as number;
  }
  return { width, height, data: numbers };
}

function unreadable(file: string, reason: string, cause?: unknown): PaddleLabError {
  const text = `Expected a PNG of class numbers (grey with 8 bits, or a palette) in ${file} but ${reason}`;
  return new PaddleLabError('IMAGE_UNREADABLE', text, { cause });
}

/** How the mask of an image is read. */
export interface MaskSource {
  readonly mask: string;
  /** The image that it belongs to. */
  readonly image: string;
  readonly classes: readonly string[] | undefined;
  /** The class number of each value; a value without one is ignored. Default: values are class numbers. */
  readonly numbers?: ReadonlyMap<number, number>;
}

/**
 * The truth in a mask; an image whose mask is missing, unreadable or of another size is left out.
 *
 * @throws PaddleLabError DATASET_INVALID for a class number outside the names
 */
export async function readMaskTruth(source: MaskSource): ReturnType<DatasetImage['truth']> {
  const { mask, image } = source;
  try {
    const [pixels, size] = await Promise.all([readPixels(mask), readImageSize(image)]);
    if (pixels.width === size.width && pixels.height === size.height) {
      return { truth: { kind: 'pixels', pixels: numbered(pixels, source) }, problems: [] };
    }
    const found = `${pixels.width} × ${pixels.height}`;
    const text = `Expected a mask of ${size.width} × ${size.height} pixels, as ${image}, but it has ${found}`;
    return { truth: undefined, problems: [imageLeftOut(mask, undefined, text)] };
  } catch (error) {
    if (!(error instanceof PaddleLabError) || error.code === 'DATASET_INVALID') throw error;
    return { truth: undefined, problems: [imageLeftOut(mask, undefined, error.message)] };
  }
}

async function readPixels(mask: string): Promise<LabelPixels> {
  return readMaskPng(mask, await readFile(mask));
}

function numbered({ width, height, data }: LabelPixels, { mask, classes, numbers }: MaskSource): LabelPixels {
  const table = Uint8Array.from({ length: 256 }, (_, value) =>
    numbers === undefined ? value : (numbers.get(value) ?? ignoredPixel),
  );
  const result = numbers === undefined ? data : data.map((value) => table[value] as number);
  const count = classes?.length ?? 0;
  if (count === 0) return { width, height, data: result };
  const wrong = result.findIndex((value) => value >= count && value !== ignoredPixel);
  if (wrong < 0) return { width, height, data: result };
  const place = `pixel ${wrong % width}, ${Math.floor(wrong / width)}`;
  const expected = `Expected class numbers from 0 to ${count - 1} (the ${count} names of the classes) or ${ignoredPixel}`;
  throw datasetInvalid(mask, place, `${expected} but received ${result[wrong]}`);
}
