import { stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { messageOf, PaddleLabError } from '../errors';
import { invalidArgument } from '../validate';

/** 8-bit RGB pixels, rows from the top, `data.length === width * height * 3`. */
export interface RgbImage {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** What `predict` and `visualize` take as an image: a file path, the bytes of an image file, or a sharp instance. */
export type ImageInput = string | Uint8Array | sharp.Sharp;

/** sharp's own limit is kept: a decompression bomb is refused, not decoded. */
const openOptions: sharp.SharpOptions = { ignoreIcc: true, failOn: 'truncated' };

/**
 * Decodes an image as OpenCV's `imread(IMREAD_COLOR)` does, but in RGB order: EXIF orientation applied, alpha dropped
 * without blending, grey as three equal channels, 16-bit samples cut to their high byte, no colour management.
 *
 * @throws PaddleLabError FILE_NOT_FOUND, IMAGE_UNREADABLE, INVALID_ARGUMENT
 */
export async function decodeImage(input: ImageInput): Promise<RgbImage> {
  const name = typeof input === 'string' ? input : input instanceof Uint8Array ? `${input.length} bytes` : 'sharp';
  const source = await openImage(input);
  try {
    const { data, info } = await toRgb(source).raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true });
    return { width: info.width, height: info.height, data };
  } catch (error) {
    throw new PaddleLabError(
      'IMAGE_UNREADABLE',
      `Can't decode image ${name}: ${messageOf(error)}; expected a JPEG, PNG, WebP, GIF, TIFF or AVIF file`,
      { cause: error },
    );
  }
}

function toRgb(image: sharp.Sharp): sharp.Sharp {
  return image.autoOrient().removeAlpha().toColourspace('srgb');
}

async function openImage(input: ImageInput): Promise<sharp.Sharp> {
  if (typeof input === 'string') {
    const file = resolvePath(input);
    const found = await stat(file).catch(() => undefined);
    if (found === undefined) {
      throw new PaddleLabError('FILE_NOT_FOUND', `Image ${input} does not exist (looked for ${file})`);
    }
    if (!found.isFile()) throw new PaddleLabError('IMAGE_UNREADABLE', `Expected an image file but ${file} is none`);
    return sharp(file, openOptions);
  }
  if (input instanceof Uint8Array) return sharp(input, openOptions);
  if (isSharp(input)) return input.clone();
  throw invalidArgument('image', 'file path, Buffer or sharp instance', input);
}

function isSharp(value: unknown): value is sharp.Sharp {
  return typeof value === 'object' && value !== null && typeof (value as sharp.Sharp).toColourspace === 'function';
}

/** A path as a user may write it: `~/x`, `file:` URL, relative or absolute. */
export function resolvePath(input: string): string {
  if (input.startsWith('file:')) return fileURLToPath(input);
  if (input === '~' || input.startsWith('~/')) return path.join(homedir(), input.slice(1));
  return path.resolve(input);
}
