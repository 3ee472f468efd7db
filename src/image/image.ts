import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Sharp, SharpOptions } from 'sharp';
import { messageOf, PaddleLabError } from '../errors';
import { errnoOf } from '../files/file-error';
import { readFile } from '../files/fs';
import { homeFolder } from '../runtime/cache';
import { invalidArgument } from '../validate';
import { decodeBmp } from './bmp';
import { cmykToRgb, mayBeCmyk } from './cmyk';
import { formatOf, reasonAgainst } from './formats';
import { loadSharp } from './load-sharp';
import { decodePnm } from './pnm';
import { isRawPixels, type RawPixels, type RgbImage, rawToRgb } from './raw-pixels';
import { isChangedByLibtiff, isTiff, readTiffSamples, refuseForeignSamples, tiffToRgb } from './tiff';

export type { RawPixels, RgbImage } from './raw-pixels';

/**
 * An image for `predict` and `visualize`: a file path, a `data:` URL, the bytes of an image file, a sharp instance, or
 * raw pixels.
 */
export type ImageInput = string | Uint8Array | Sharp | RawPixels;

type EncodedImage = Exclude<ImageInput, RawPixels>;

/** sharp's own size limit applies: a decompression bomb is refused, not decoded. */
const openOptions: SharpOptions = { ignoreIcc: true, failOn: 'truncated' };

/**
 * Decodes an image like OpenCV's `imread(IMREAD_COLOR)`, but in RGB order: EXIF orientation applied, alpha dropped
 * without blending (but multiplied into the colours of a TIFF), grey as three equal channels, 16-bit samples cut to
 * their high byte (those of an RGB TIFF rounded), the first frame of an animation, no colour management. The format is
 * detected from the bytes, not from the name: JPEG, PNG, WebP, GIF, TIFF, AVIF, BMP, PPM, PGM and PBM.
 *
 * @throws PaddleLabError FILE_NOT_FOUND, IMAGE_UNREADABLE, INVALID_ARGUMENT
 */
export async function decodeImage(input: ImageInput): Promise<RgbImage> {
  if (isRawPixels(input)) return rawToRgb(input);
  const source = await openImage(input);
  if (!(source instanceof Uint8Array)) return failing(input, () => decodeBySharp(source, true));
  const format = formatOf(source);
  switch (format?.reader) {
    case 'bmp':
      return failing(input, () => decodeBmp(source));
    case 'pnm':
      return failing(input, () => decodePnm(source));
    case 'sharp':
      return failing(input, () => decodeFile(source));
    case 'none':
    case undefined:
      throw unreadable(input, reasonAgainst(format));
  }
}

async function decodeFile(bytes: Uint8Array): Promise<RgbImage> {
  const image = loadSharp()(bytes, openOptions);
  const samples = isTiff(bytes) ? readTiffSamples(bytes) : undefined;
  if (samples !== undefined) {
    refuseForeignSamples(samples);
    if (isChangedByLibtiff(samples)) return tiffToRgb(image, samples);
  }
  return decodeBySharp(image, mayBeCmyk(bytes));
}

async function decodeBySharp(image: Sharp, mayBeCmyk: boolean): Promise<RgbImage> {
  if (mayBeCmyk) {
    const { space, format } = await image.metadata();
    if (space === 'cmyk') return await cmykToRgb(image, format);
  }
  const { data, info } = await toRgb(image).raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data };
}

async function failing(input: EncodedImage, decode: () => Promise<RgbImage>): Promise<RgbImage> {
  try {
    return await decode();
  } catch (error) {
    throw unreadable(input, messageOf(error), error);
  }
}

function unreadable(input: EncodedImage, reason: string, cause?: unknown): PaddleLabError {
  return new PaddleLabError('IMAGE_UNREADABLE', `Can't decode image ${describeInput(input)}: ${reason}`, { cause });
}

function describeInput(input: EncodedImage): string {
  if (typeof input === 'string') return input.startsWith('data:') ? 'from data URL' : input;
  return input instanceof Uint8Array ? `${input.length} bytes` : 'sharp';
}

function toRgb(image: Sharp): Sharp {
  return image.autoOrient().removeAlpha().toColourspace('srgb');
}

/** The bytes of an image file, or a sharp instance. */
async function openImage(input: EncodedImage): Promise<Sharp | Uint8Array> {
  if (typeof input === 'string') return input.startsWith('data:') ? readDataUrl(input) : readImageFile(input);
  if (input instanceof Uint8Array) return input;
  if (isSharp(input)) return input.clone();
  throw invalidArgument('image', 'file path, data URL, Buffer, sharp instance or raw pixels', input);
}

/** The bytes of an image that was given as a file, a data URL or bytes; undefined for pixels and sharp instances. */
export async function imageFile(input: ImageInput): Promise<Uint8Array | undefined> {
  if (isRawPixels(input)) return undefined;
  const source = await openImage(input);
  return source instanceof Uint8Array ? source : undefined;
}

async function readImageFile(input: string): Promise<Uint8Array> {
  const file = resolvePath(input);
  try {
    return await readFile(file);
  } catch (error) {
    const code = errnoOf(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      throw new PaddleLabError('FILE_NOT_FOUND', `Image ${input} does not exist (looked for ${file})`);
    }
    const text = messageOf(error).replace("Can't read", "Can't read image");
    throw new PaddleLabError('IMAGE_UNREADABLE', text, { cause: error });
  }
}

/** `data:image/png;base64,…`, or percent-encoded without `;base64`. */
function readDataUrl(url: string): Buffer {
  const comma = url.indexOf(',');
  if (comma < 0) throw invalidArgument('image', 'data URL with a comma before its data', url);
  const body = url.slice(comma + 1);
  if (/;\s*base64$/i.test(url.slice(0, comma))) return Buffer.from(decodeURIComponent(body), 'base64');
  const text = body.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(text, 'latin1');
}

function isSharp(value: unknown): value is Sharp {
  return typeof value === 'object' && value !== null && typeof (value as Sharp).toColourspace === 'function';
}

/** Resolves a path in any form: `~/x`, `file:` URL, relative or absolute. */
export function resolvePath(input: string): string {
  if (input.startsWith('file:')) return fileURLToPath(input);
  if (input === '~' || input.startsWith('~/')) return path.join(homeFolder(), input.slice(1));
  return path.resolve(input);
}
