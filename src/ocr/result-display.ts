import { escapeHtml, type MimeBundle } from '../display/display';
import { messageOf } from '../errors';
import type { RgbImage } from '../image/image';
import { resultBundle } from '../model-io/result-display';
import type { TextResult } from '../results';
import { allText, pageHtml, shownSide } from './text-page';

/**
 * What a notebook shows for a page that was read: its picture with the text over it, the text, and the table of lines. Of
 * the image only its name is kept, so an image that was given as pixels has no picture here.
 */
export async function textBundle(
  result: TextResult,
  decode: (() => Promise<RgbImage>) | undefined,
): Promise<MimeBundle> {
  const bundle = await resultBundle(result);
  const table = String(bundle['text/html']);
  if (decode === undefined) return { ...bundle, 'text/html': `${table}\n${allText(result)}` };
  const page = await pictureOf(decode, result).catch((error: unknown) => messageOf(error));
  const shown = typeof page === 'string' ? noPicture(page, result) : await pageHtml(result, page, shownSide);
  return { ...bundle, 'text/html': `${shown}\n${table}` };
}

async function pictureOf(
  decode: () => Promise<RgbImage>,
  { image: { width, height } }: TextResult,
): Promise<RgbImage | string> {
  const pixels = await decode();
  return pixels.width === width && pixels.height === height ? pixels : 'the image has another size now';
}

function noPicture(reason: string, result: TextResult): string {
  return `<div>No picture: ${escapeHtml(reason)}</div>\n${allText(result)}`;
}
