import { type Rgb, toHex } from '../display/palette';
import { loadBinding } from '../native/binding';
import { type Glyph, glyphOf } from './glyphs';

/** Height of a capital letter, in ems; labels are centred by it. */
export const capHeight = 0.7275;

/** The coverage of each pixel by a letter, 0 to 255, rows from the top. */
interface GlyphBitmap {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
  /** Relative to the letter's position on the baseline, in pixels. */
  readonly left: number;
  readonly top: number;
}

/** A letter with the position of its bitmap, in pixels. */
export interface PlacedGlyph {
  readonly bitmap: GlyphBitmap;
  readonly left: number;
  readonly top: number;
}

/** Letters are positioned at quarters of a pixel; finer steps are invisible. */
const quarters = 4;
/** Maximum number of cached bitmaps of a letter, by size and subpixel position; then the cache is cleared. */
const maxSizes = 64;
const bitmaps = new WeakMap<Glyph, Map<string, GlyphBitmap | undefined>>();

/** Width of a line of text in pixels. */
export function textWidth(text: string, fontSize: number): number {
  return lettersOf(text).reduce((sum, letter) => sum + glyphOf(letter).advance, 0) * fontSize;
}

/**
 * The letters of a line of text as bitmaps, so that it looks the same on every machine, with or without fonts.
 *
 * @param x left end of the text in pixels
 * @param baseline the baseline of the text, in pixels from the top
 * @param fontSize height of the em in pixels
 */
export function layOutText(text: string, x: number, baseline: number, fontSize: number): PlacedGlyph[] {
  const placed: PlacedGlyph[] = [];
  let pen = x;
  for (const letter of lettersOf(text)) {
    const glyph = glyphOf(letter);
    const one = layOutGlyph(glyph, pen, baseline, fontSize);
    if (one !== undefined) placed.push(one);
    pen += glyph.advance * fontSize;
  }
  return placed;
}

/** One letter; undefined if it draws nothing. */
export function layOutGlyph(glyph: Glyph, x: number, baseline: number, fontSize: number): PlacedGlyph | undefined {
  const start = Math.round(x * quarters) / quarters;
  const bitmap = bitmapOf(glyph, fontSize, start - Math.floor(start));
  if (bitmap === undefined) return undefined;
  return { bitmap, left: Math.floor(start) + bitmap.left, top: Math.round(baseline) + bitmap.top };
}

/**
 * A line of text as outlines for SVG.
 *
 * @param x left end of the text in pixels
 * @param baseline the baseline of the text, in pixels from the top
 */
export function textPath(text: string, x: number, baseline: number, fontSize: number, color: Rgb): string {
  const parts: string[] = [];
  let pen = x;
  for (const letter of lettersOf(text)) {
    const { contours, advance } = glyphOf(letter);
    for (const contour of contours) {
      const points = contour.map((value, index) => ((index % 2 === 0 ? pen : baseline) + value * fontSize).toFixed(2));
      parts.push(`M${points.join(' ')}Z`);
    }
    pen += advance * fontSize;
  }
  return `<path fill="${toHex(color)}" d="${parts.join('')}"/>`;
}

/** The outlines of each letter of a line in ems, baseline 0, with contours as in `Glyph`; and the width of the line. */
export function textContours(text: string): {
  readonly contours: readonly (readonly (readonly number[])[])[];
  readonly advance: number;
} {
  let pen = 0;
  const contours = lettersOf(text).map((letter) => {
    const glyph = glyphOf(letter);
    const start = pen;
    pen += glyph.advance;
    return glyph.contours.map((contour) => contour.map((value, index) => (index % 2 === 0 ? value + start : value)));
  });
  return { contours: contours.filter((letter) => letter.length > 0), advance: pen };
}

/** The text shortened to a width in pixels, with an ellipsis if shortened; '' if not a single letter fits. */
export function fitText(text: string, fontSize: number, maxWidth: number): string {
  if (textWidth(text, fontSize) <= maxWidth) return text;
  const letters = lettersOf(text);
  let width = textWidth('…', fontSize);
  let count = 0;
  for (; count < letters.length; count++) {
    width += glyphOf(letters[count] ?? '').advance * fontSize;
    if (width > maxWidth) break;
  }
  return count === 0 ? '' : `${letters.slice(0, count).join('').trimEnd()}…`;
}

function lettersOf(text: string): string[] {
  return [...text.normalize('NFC')];
}

function bitmapOf(glyph: Glyph, fontSize: number, shift: number): GlyphBitmap | undefined {
  let sizes = bitmaps.get(glyph);
  if (sizes === undefined || sizes.size >= maxSizes) {
    sizes = new Map();
    bitmaps.set(glyph, sizes);
  }
  const key = `${fontSize} ${shift}`;
  if (!sizes.has(key)) sizes.set(key, rasterize(glyph.contours, fontSize, shift));
  return sizes.get(key);
}

function rasterize(contours: readonly (readonly number[])[], fontSize: number, shift: number): GlyphBitmap | undefined {
  const points = contours.flat().map((value, index) => value * fontSize + (index % 2 === 0 ? shift : 0));
  const xs = points.filter((_, index) => index % 2 === 0);
  const ys = points.filter((_, index) => index % 2 === 1);
  const left = Math.floor(Math.min(...xs));
  const top = Math.floor(Math.min(...ys));
  const width = Math.ceil(Math.max(...xs)) - left;
  const height = Math.ceil(Math.max(...ys)) - top;
  if (!(width > 0 && height > 0)) return undefined;
  const moved = Float64Array.from(points, (value, index) => value - (index % 2 === 0 ? left : top));
  let end = 0;
  const ends = Uint32Array.from(contours, (contour) => {
    end += contour.length / 2;
    return end;
  });
  return { width, height, left, top, data: loadBinding().rasterizePath(moved, ends, width, height) };
}
