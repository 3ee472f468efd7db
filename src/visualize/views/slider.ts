import path from 'node:path';
import { escapeHtml, inspectCustom, jupyterDisplay, type MimeBundle } from '../../display/display';
import { Picture } from '../../drawing/picture';
import { writeTextAtomically } from '../../files/atomic-file';
import { type RgbImage, resolvePath } from '../../image/image';
import { checkedLater, type OptionChecks, readOptions } from '../../options';
import { showControls } from '../../text/controls';
import { checkString } from '../../validate';
import { checkTitles, resizeTo, toPixels, type ViewImage } from './mosaic';
import { sideBySide } from './side-by-side';

/** Options of `slider`. */
export interface SliderOptions {
  /** The titles of both pictures; default `before` and `after`. */
  readonly titles?: readonly [before: string, after: string];
}

const checks = {
  titles: checkedLater,
} satisfies OptionChecks<SliderOptions>;

/**
 * Two pictures on top of each other with a movable border between them. Without scripts, and as a PNG, they are shown
 * side by side.
 */
export class SliderView {
  readonly #before: Picture;
  readonly #after: Picture;
  readonly #titles: readonly [string, string];

  constructor(before: Picture, after: Picture, titles: readonly [string, string]) {
    this.#before = before;
    this.#after = after;
    this.#titles = titles;
  }

  /** Both pictures side by side, as the bytes of a PNG. */
  async toBuffer(): Promise<Buffer> {
    return await (await sideBySide([this.#before, this.#after], { titles: this.#titles })).toBuffer('png');
  }

  /** An HTML fragment without dependencies; the slider only needs an inline event handler. */
  async toHtml(): Promise<string> {
    const source = async (picture: Picture): Promise<string> =>
      `data:image/png;base64,${(await picture.toBuffer('png')).toString('base64')}`;
    const [first, second] = this.#titles.map(escapeHtml);
    const { width } = this.#before;
    const move = "this.previousElementSibling.style.clipPath='inset(0 0 0 '+this.value+'%)'";
    return [
      `<figure style="margin:0;max-width:${width}px"><div style="position:relative;line-height:0">`,
      `<img alt="${first}" style="width:100%" src="${await source(this.#before)}"/>`,
      `<img alt="${second}" style="width:100%;position:absolute;left:0;top:0;clip-path:inset(0 0 0 50%)" src="${await source(this.#after)}"/>`,
      `<input type="range" min="0" max="100" value="50" aria-label="border between ${first} and ${second}" oninput="${move}" `,
      'style="position:absolute;left:0;bottom:4px;width:100%;margin:0"/></div>',
      `<figcaption style="display:flex;justify-content:space-between"><span>${first}</span><span>${second}</span></figcaption></figure>`,
    ].join('');
  }

  /**
   * Writes `.html` (with the slider) or `.png` (side by side), and returns the file's full path.
   *
   * @throws PaddleLabError INVALID_ARGUMENT, FILE_UNWRITABLE
   */
  async save(file: string): Promise<string> {
    const target = resolvePath(checkString('path', file));
    const html = path.extname(target).toLowerCase() === '.html';
    const both = await sideBySide([this.#before, this.#after], { titles: this.#titles });
    if (!html) return await both.save(file);
    const page = `<!doctype html><html lang="en"><head><meta charset="utf-8"></head><body>${await this.toHtml()}</body></html>`;
    await writeTextAtomically(target, page);
    return target;
  }

  /** `SliderView 640×480 (before | after)`. */
  toString(): string {
    return showControls(`SliderView ${this.#before.width}×${this.#before.height} (${this.#titles.join(' | ')})`);
  }

  async [jupyterDisplay](): Promise<MimeBundle> {
    const [html, png] = [await this.toHtml(), await this.toBuffer()];
    return { 'text/html': html, 'image/png': png, 'text/plain': this.toString() };
  }

  [inspectCustom](): string {
    return this.toString();
  }
}

/**
 * Lays one picture over another with a movable border; the second is scaled to the size of the first.
 *
 * @throws PaddleLabError INVALID_ARGUMENT, UNKNOWN_OPTION, FILE_NOT_FOUND, IMAGE_UNREADABLE
 *
 * @example
 * import { slider } from 'paddlelab';
 * await slider('shapes.png', await visualize('shapes.png', result));
 */
export async function slider(before: ViewImage, after: ViewImage, options: SliderOptions = {}): Promise<SliderView> {
  readOptions('slider', options, checks);
  const [first = 'before', second = 'after'] = checkTitles(options.titles, 2) ?? [];
  const [one, other] = [await toPixels(before), await toPixels(after)];
  const resized = await resizeTo(other, one.width, one.height);
  const picture = (image: RgbImage): Picture => new Picture(image, '');
  return new SliderView(picture(one), picture(resized), [first, second]);
}
