import type { Picture } from '../../drawing/picture';
import type { ImageInput, RgbImage } from '../../image/image';
import type { TextResult } from '../../results';
import { invalidArgument } from '../../validate';
import { pixelsOf, visualize } from '../visualize';
import { sideBySide } from './side-by-side';

/**
 * A page with its lines outlined, and beside it the same lines written out where they stand, as PaddleOCR's pictures
 * show them.
 *
 * @param image the image of the result
 * @param result the result of `readText`
 * @throws PaddleLabError as `visualize`
 *
 * @example
 * import { readText, visualizeText } from 'paddlelab';
 * await visualizeText('page.png', await readText('page.png'));
 */
export async function visualizeText(image: ImageInput, result: TextResult): Promise<Picture> {
  if (result?.kind !== 'text') throw invalidArgument('result', 'result of readText', result?.kind);
  const pixels = await pixelsOf(image, result);
  const { width, height } = pixels;
  const paper: RgbImage = { width, height, data: new Uint8Array(width * height * 3).fill(255) };
  return sideBySide([
    await visualize(pixels, result, { annotators: ['rotatedBox'] }),
    await visualize(paper, { ...result, unwarped: undefined }, { annotators: ['rotatedBox', 'text'] }),
  ]);
}
