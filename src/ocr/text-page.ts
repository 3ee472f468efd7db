import path from 'node:path';
import { escapeHtml, inspectCustom, jupyterDisplay, type MimeBundle } from '../display/display';
import { writeTextAtomically } from '../files/atomic-file';
import { decodeImage, type ImageInput, type RgbImage, resolvePath } from '../image/image';
import { loadSharp } from '../image/load-sharp';
import type { TextResult } from '../results';
import { showControls } from '../text/controls';
import { checkString, invalidArgument } from '../validate';
import { textLayer } from './text-layer';

/** @internal Longer side of a picture in a notebook, in pixels. */
export const shownSide = 1600;

/** A page with its text over its picture: text can be searched for, selected and copied. */
export class TextPage {
  readonly #pixels: RgbImage;

  /** @internal Use `textPage`. */
  constructor(
    pixels: RgbImage,
    /** What was read. */
    readonly result: TextResult,
  ) {
    this.#pixels = pixels;
  }

  /**
   * An HTML fragment without scripts: the picture with invisible text over it, a tooltip with text and score for each
   * line, and below it all of the text, which is selected by one click.
   */
  async toHtml(): Promise<string> {
    return pageHtml(this.result, this.#pixels, shownSide);
  }

  /**
   * Writes `.html`, one file with the picture in it, and returns its full path.
   *
   * @throws PaddleLabError INVALID_ARGUMENT, FILE_UNWRITABLE
   */
  async save(file: string): Promise<string> {
    const target = resolvePath(checkString('path', file));
    if (!/^\.html?$/i.test(path.extname(target))) throw invalidArgument('path', 'file name ending in .html', file);
    await writeTextAtomically(target, await pageDocument(this.result, this.#pixels, path.basename(target)));
    return target;
  }

  /** `TextPage 640×480 (12 lines of text)`. */
  toString(): string {
    const { lines, image } = this.result;
    const count = `${lines.length} ${lines.length === 1 ? 'line' : 'lines'} of text`;
    return `TextPage ${image.width}×${image.height} (${count})`;
  }

  async [jupyterDisplay](): Promise<MimeBundle> {
    return { 'text/html': await this.toHtml(), 'text/plain': showControls(this.toString()) };
  }

  [inspectCustom](): string {
    return this.toString();
  }
}

/**
 * A page with its text over its picture, for reading and searching: text is selected and copied where it stands, and
 * each line shows its text and score under the mouse. No scripts are needed.
 *
 * @param image the image of the result
 * @param result the result of `readText`
 * @throws PaddleLabError INVALID_ARGUMENT (also for an image of another size than the result's), FILE_NOT_FOUND,
 *   IMAGE_UNREADABLE
 *
 * @example
 * import { readText, textPage } from 'paddlelab';
 * const page = await textPage('page.png', await readText('page.png'));
 * await page.save('out/page.html');
 */
export async function textPage(image: ImageInput, result: TextResult): Promise<TextPage> {
  if (result?.kind !== 'text') throw invalidArgument('result', 'result of readText', result?.kind);
  const pixels = await decodeImage(image);
  const { width, height } = result.image;
  if (pixels.width !== width || pixels.height !== height) {
    throw invalidArgument(
      'image',
      `image of ${width}×${height} pixels, the size of the result`,
      `${pixels.width}×${pixels.height}`,
    );
  }
  return new TextPage(pixels, result);
}

/** @internal The page as a file of its own. */
export async function pageDocument(result: TextResult, pixels: RgbImage, title: string): Promise<string> {
  const look =
    ':root{color-scheme:light dark}body{margin:1em auto;padding:0 1em;max-width:1600px;font-family:sans-serif}';
  return [
    '<!doctype html>',
    '<html><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">',
    `<title>${escapeHtml(title)}</title><style>${look}</style></head><body>`,
    await pageHtml(result, pixels, Number.POSITIVE_INFINITY),
    '</body></html>',
    '',
  ].join('\n');
}

/** @internal */
export async function pageHtml(result: TextResult, pixels: RgbImage, side: number): Promise<string> {
  const picture = `data:image/webp;base64,${(await encode(pixels, side)).toString('base64')}`;
  return `${textLayer(result, picture)}\n${allText(result)}`;
}

/** All of the text; a click on it selects it. */
export function allText({ text }: TextResult): string {
  if (text === '') return '';
  const style = 'white-space:pre-wrap;user-select:all;-webkit-user-select:all;overflow-wrap:anywhere';
  return [
    '<details><summary>Text, to copy (a click selects all of it)</summary>',
    `<pre style="${style}">${escapeHtml(text)}</pre></details>`,
  ].join('');
}

/** Formats of the web have at most 16383 pixels a side. */
const mostPixels = 16_383;

function encode({ width, height, data }: RgbImage, side: number): Promise<Buffer> {
  const most = Math.min(side, mostPixels);
  return loadSharp()(data, { raw: { width, height, channels: 3 }, limitInputPixels: false })
    .resize({ width: most, height: most, fit: 'inside', withoutEnlargement: true })
    .webp({ quality: 85 })
    .toBuffer();
}
