import path from 'node:path';
import type { Sharp } from 'sharp';
import { inspectCustom, jupyterDisplay, type MimeBundle } from '../display/display';
import { PaddleLabError } from '../errors';
import { writeAtomically } from '../files/atomic-file';
import { writeFile } from '../files/fs';
import { type RgbImage, resolvePath } from '../image/image';
import { loadSharp } from '../image/load-sharp';
import { checkOneOf, checkString, invalidArgument } from '../validate';
import { encodeIndexedPng, encodePng, type IndexedPixels } from './png';
import { recycle } from './reusable-pixels';

/** The image formats of pictures. */
export const pictureFormats = ['png', 'jpeg', 'webp', 'avif', 'tiff', 'gif'] as const;
/** The formats that pictures can be saved in. */
export type PictureFormat = (typeof pictureFormats)[number];

const formatOfExtension: Record<string, PictureFormat> = {
  '.png': 'png',
  '.jpg': 'jpeg',
  '.jpeg': 'jpeg',
  '.webp': 'webp',
  '.avif': 'avif',
  '.tif': 'tiff',
  '.tiff': 'tiff',
  '.gif': 'gif',
};

/** @internal The format for a file extension. */
export function pictureFormatOf(file: string): PictureFormat | undefined {
  return formatOfExtension[path.extname(file).toLowerCase()];
}

/** An image drawn by `visualize`; displayed as a cell's result, and usable as an image itself. */
export class Picture implements RgbImage {
  readonly width: number;
  readonly height: number;
  /** RGB, 8 bits each, rows from the top. */
  data: Uint8Array;
  readonly #caption: string;
  readonly #indexed: IndexedPixels | undefined;

  /**
   * @param caption a few words on the content, for the one-line form
   * @param indexed the same pixels as palette indexes, kept in a PNG
   */
  constructor(image: RgbImage, caption: string, indexed?: IndexedPixels) {
    this.width = image.width;
    this.height = image.height;
    this.data = image.data;
    this.#caption = caption;
    this.#indexed = indexed;
  }

  /**
   * Writes the picture to a file in the format of its extension, without metadata, and returns the file's full path.
   * The file is only created when complete. Missing folders are created.
   *
   * @throws PaddleLabError INVALID_ARGUMENT, FILE_NOT_FOUND (the place can't be written to), FILE_UNWRITABLE (the disk
   * is full)
   *
   * @example
   * const file = await picture.save('out/shapes.png');
   */
  async save(file: string): Promise<string> {
    const target = resolvePath(checkString('path', file));
    const format = pictureFormatOf(target);
    if (format === undefined) {
      throw invalidArgument('path', `file name ending in ${Object.keys(formatOfExtension).join(', ')}`, file);
    }
    const bytes = await this.#encode(format);
    await writeAtomically(target, (temporary) => writeFile(temporary, bytes));
    return target;
  }

  /**
   * The picture encoded as an image file, without metadata.
   *
   * @param format default `png`
   * @throws PaddleLabError INVALID_ARGUMENT
   */
  async toBuffer(format: PictureFormat = 'png'): Promise<Buffer> {
    return await this.#encode(checkOneOf('format', format, pictureFormats));
  }

  /** The picture as a sharp instance, for further processing. */
  toSharp(): Sharp {
    const raw = { width: this.width, height: this.height, channels: 3 } as const;
    return loadSharp()(this.data, { raw, limitInputPixels: false });
  }

  /**
   * Gives the memory of the pixels to the next picture of this size, which is then drawn faster; for many frames. The picture has no
   * pixels afterwards, and saving or showing it fails.
   *
   * @example
   * const picture = await visualize('shapes.png', result);
   * const bytes = await picture.toBuffer('jpeg');
   * picture.dispose();
   */
  dispose(): void {
    recycle(this.data);
    this.data = new Uint8Array(0);
  }

  /** `Picture 640×480 (3 detections)`. */
  toString(): string {
    return `Picture ${this.width}×${this.height} (${this.#caption})`;
  }

  async [jupyterDisplay](): Promise<MimeBundle> {
    return { 'image/png': await this.toBuffer('png'), 'text/plain': this.toString() };
  }

  [inspectCustom](): string {
    return this.toString();
  }

  async #encode(format: PictureFormat): Promise<Buffer> {
    if (this.data.length === 0) throw new PaddleLabError('INVALID_ARGUMENT', 'Expected a picture but it was disposed');
    if (format === 'png' && this.#indexed !== undefined) return await encodeIndexedPng(this, this.#indexed);
    return format === 'png' ? await encodePng(this) : await this.#encoder(format).toBuffer();
  }

  /** Lossy formats keep the colour at full resolution, because thin coloured lines would bleed otherwise. */
  #encoder(format: Exclude<PictureFormat, 'png'>): Sharp {
    const image = this.toSharp();
    if (format === 'jpeg') return image.jpeg({ quality: 95, chromaSubsampling: '4:4:4' });
    if (format === 'webp') return image.webp({ quality: 95, smartSubsample: true });
    if (format === 'avif') return image.avif({ quality: 80, chromaSubsampling: '4:4:4' });
    if (format === 'tiff') return image.tiff({ compression: 'lzw' });
    return image.toFormat(format);
  }
}
