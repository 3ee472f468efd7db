import type { Picture } from '../../drawing/picture';
import { checkedLater, type OptionChecks, readOptions } from '../../options';
import { invalidArgument } from '../../validate';
import { checkTitles, layOut, resizeTo, toPixels, type ViewImage } from './mosaic';

/** Options of `sideBySide`. */
export interface SideBySideOptions {
  /** The titles above the pictures. */
  readonly titles?: readonly string[];
}

const checks = {
  titles: checkedLater,
} satisfies OptionChecks<SideBySideOptions>;

/**
 * Pictures next to each other, scaled to the height of the highest.
 *
 * @throws PaddleLabError INVALID_ARGUMENT, UNKNOWN_OPTION, FILE_NOT_FOUND, IMAGE_UNREADABLE
 *
 * @example
 * import { sideBySide } from 'paddlelab';
 * const plain = await visualize('shapes.png', result);
 * const paddle = await visualize('shapes.png', result, { style: 'paddledetection' });
 * await sideBySide([plain, paddle], { titles: ['ours', "Paddle's script"] });
 */
export async function sideBySide(images: readonly ViewImage[], options: SideBySideOptions = {}): Promise<Picture> {
  if (!Array.isArray(images) || images.length === 0) throw invalidArgument('images', 'array of pictures', images);
  readOptions('sideBySide', options, checks);
  const titles = checkTitles(options.titles, images.length);
  const pixels = await Promise.all(images.map(toPixels));
  const height = Math.max(...pixels.map((image) => image.height));
  const tiles = await Promise.all(
    pixels.map(async (image, index) => ({
      image: await resizeTo(image, Math.max(1, Math.round((image.width * height) / image.height)), height),
      title: titles?.[index],
    })),
  );
  return await layOut(tiles, tiles.length, `${tiles.length} pictures side by side`);
}
