import type { Picture } from '../../drawing/picture';
import { checkedLater, integer, type OptionChecks, readOptions } from '../../options';
import { invalidArgument } from '../../validate';
import { checkTitles, layOut, resizeTo, toPixels, type ViewImage } from './mosaic';

/** Options of `gallery`. */
export interface GalleryOptions {
  /** The titles above the pictures. */
  readonly titles?: readonly string[];
  /** Pictures per row, an integer ≥ 1; default: about as many as there are rows. */
  readonly columns?: number;
  /** Width of each picture in pixels, an integer ≥ 16; default 320. Heights are scaled accordingly. */
  readonly width?: number;
}

const checks = {
  titles: checkedLater,
  columns: integer(1),
  width: integer(16),
} satisfies OptionChecks<GalleryOptions>;

/**
 * Many pictures in one, in rows.
 *
 * @throws PaddleLabError INVALID_ARGUMENT, UNKNOWN_OPTION, FILE_NOT_FOUND, IMAGE_UNREADABLE
 *
 * @example
 * import { gallery } from 'paddlelab';
 * await gallery(['shapes.png', await visualize('shapes.png', result)], { titles: ['image', 'found'], width: 240 });
 */
export async function gallery(images: readonly ViewImage[], options: GalleryOptions = {}): Promise<Picture> {
  if (!Array.isArray(images) || images.length === 0) throw invalidArgument('images', 'array of pictures', images);
  const { columns = Math.ceil(Math.sqrt(images.length)), width = 320 } = readOptions('gallery', options, checks);
  const titles = checkTitles(options.titles, images.length);
  const tiles = [];
  // One after the other: a gallery of large photographs would not fit into memory at once.
  for (const [index, input] of images.entries()) {
    const image = await toPixels(input);
    const height = Math.max(1, Math.round((image.height * width) / image.width));
    tiles.push({ image: await resizeTo(image, width, height), title: titles?.[index] });
  }
  return await layOut(tiles, columns, `gallery of ${tiles.length}`);
}
