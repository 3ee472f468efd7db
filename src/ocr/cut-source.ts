import type { Quad } from '../image/crop-quads';
import type { RgbImage } from '../image/image';
import { rapidOcrFrame, rapidOcrLimits } from '../preprocess/ocr/rapid-ocr';
import { runState } from '../preprocess/pipeline';
import { startState } from '../preprocess/state';

/** The pixels that lines are cut out of. */
export interface CutSource {
  readonly pixels: RgbImage;
  /** A quadrangle of the page in these pixels. */
  place(quad: Quad): Quad;
}

export function wholePage(page: RgbImage): CutSource {
  return { pixels: page, place: (quad) => quad };
}

/**
 * RapidOCR cuts lines out of the image that it detects in. Here that is done with images that it enlarges, those of less
 * than 30 pixels; in reduced ones small letters would be lost.
 */
export async function rapidOcrSource(page: RgbImage): Promise<CutSource> {
  const { content, top, width, height } = rapidOcrFrame(page);
  const enlarged = content.width > page.width || content.height > page.height;
  if (!enlarged || content.width < page.width || content.height < page.height) return wholePage(page);
  const data = new Uint8Array(width * height * 3);
  await runState({ ...page, channels: 3 }, rapidOcrLimits.apply(startState(page)), data);
  const [x, y] = [content.width / page.width, content.height / page.height];
  // Its corners are whole pixels.
  const place = (quad: Quad): Quad => quad.map(([left, down]) => [Math.round(left * x), Math.round(down * y) + top]);
  return { pixels: { width, height, data }, place };
}
