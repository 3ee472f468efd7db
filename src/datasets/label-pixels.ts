import { readPalettePng } from '../drawing/png';
import { messageOf, PaddleLabError } from '../errors';
import { readFile } from '../files/fs';
import { loadSharp } from '../image/load-sharp';
import type { DatasetImage, ImageSize, ReadTruth } from './dataset';
import type { LabelPixels } from './truth';

/**
 * The class numbers of a PNG in grey or with a palette.
 *
 * @throws PaddleLabError DATASET_INVALID
 */
export async function readLabelPixels(file: string, bytes: Buffer): Promise<LabelPixels> {
  return readPalettePng(bytes) ?? (await readGrey(file, bytes));
}

async function readGrey(file: string, bytes: Buffer): Promise<LabelPixels> {
  const { data, info } = await decode(file, bytes);
  if (info.channels === 1) return { width: info.width, height: info.height, data };
  const same = data.every(
    (value, index) => value === data[index - (index % info.channels)] || index % info.channels === 3,
  );
  if (!same) {
    const text = `Expected a PNG of class numbers (grey, or a palette) in ${file} but its pixels are colours`;
    throw new PaddleLabError('DATASET_INVALID', text);
  }
  const numbers = data.filter((_, index) => index % info.channels === 0);
  return { width: info.width, height: info.height, data: Uint8Array.from(numbers) };
}

async function decode(
  file: string,
  bytes: Buffer,
): Promise<{ readonly data: Buffer; readonly info: { width: number; height: number; channels: number } }> {
  try {
    return await loadSharp()(bytes).raw().toBuffer({ resolveWithObject: true });
  } catch (error) {
    const text = `Expected a PNG of class numbers in ${file} but it can't be decoded: ${messageOf(error)}`;
    throw new PaddleLabError('DATASET_INVALID', text, { cause: error });
  }
}

/**
 * An image whose truth is a mask file; one that can't be read, or has another size, leaves the image out.
 *
 * @param relabel the class number of each value of the mask
 */
export function maskedImage(
  image: Pick<DatasetImage, 'file' | 'name' | 'imageId'>,
  mask: string,
  relabel?: Uint8Array,
): DatasetImage {
  return { ...image, truth: (size) => readMask(mask, size, relabel) };
}

async function readMask(mask: string, size: ImageSize, relabel: Uint8Array | undefined): Promise<ReadTruth> {
  const leftOut = (message: string): ReadTruth => {
    return { truth: undefined, problems: [{ kind: 'image-left-out', file: mask, message }] };
  };
  try {
    const { width, height, data } = await readLabelPixels(mask, await readFile(mask));
    if (width !== size.width || height !== size.height) {
      return leftOut(`Expected ${size.width}×${size.height} pixels, as the image has, but received ${width}×${height}`);
    }
    const numbers = relabel === undefined ? data : data.map((value) => relabel[value] as number);
    return { truth: { kind: 'pixels', pixels: { width, height, data: numbers } }, problems: [] };
  } catch (error) {
    return leftOut(messageOf(error));
  }
}
