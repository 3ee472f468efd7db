import { type Rgb, toHex } from '../display/palette';
import { reportMissing } from '../fonts/missing';
import type { Glyph } from '../fonts/outline';
import { loadBinding } from '../native/binding';
import { isPlain, lineOf } from './line';
import { lettersOf } from './shaped-line';

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

/** A line of text as bitmaps. */
export interface PlacedText {
  readonly placed: readonly PlacedGlyph[];
  /** The letters that no font has; they are drawn as boxes. */
  readonly missing: readonly string[];
}

/** Letters are positioned at quarters of a pixel; finer steps are invisible. */
const quarters = 4;
/** Maximum number of cached bitmaps of a letter, by size and subpixel position; then the cache is cleared. */
const maxSizes = 64;
const bitmaps = new WeakMap<Glyph, Map<string, GlyphBitmap | undefined>>();

/** Width of a line of text in pixels. */
export function textWidth(text: string, fontSize: number): number {
  return lineOf(text).glyphs.reduce((sum, { advance }) => sum + advance, 0) * fontSize;
}

/**
 * The letters of a line of text as bitmaps. With the fonts of the package, it looks the same on every machine; letters that no font has
 * are boxes with their code points, and the process says so once per script.
 *
 * @param x left end of the text in pixels
 * @param baseline the baseline of the text, in pixels from the top
 * @param fontSize height of the em in pixels
 */
export function layOutText(text: string, x: number, baseline: number, fontSize: number): PlacedText {
  const placed: PlacedGlyph[] = [];
  const { glyphs, missing } = lineOf(text);
  reportMissing(missing);
  let pen = x;
  for (const { glyph, advance, dx, dy } of glyphs) {
    const one = layOutGlyph(glyph, pen + dx * fontSize, baseline, fontSize, dy * fontSize);
    if (one !== undefined) placed.push(one);
    pen += advance * fontSize;
  }
  return { placed, missing };
}

/** One letter; undefined if it draws nothing. The baseline is a whole pixel, marks are moved from it by `down`. */
export function layOutGlyph(
  glyph: Glyph,
  x: number,
  baseline: number,
  fontSize: number,
  down = 0,
): PlacedGlyph | undefined {
  const [left, top] = [Math.round(x * quarters) / quarters, Math.round(down * quarters) / quarters];
  const bitmap = bitmapOf(glyph, fontSize, left - Math.floor(left), top - Math.floor(top));
  if (bitmap === undefined) return undefined;
  return {
    bitmap,
    left: Math.floor(left) + bitmap.left,
    top: Math.round(baseline) + Math.floor(top) + bitmap.top,
  };
}

/**
 * A line of text as outlines for SVG.
 *
 * @param x left end of the text in pixels
 * @param baseline the baseline of the text, in pixels from the top
 */
export function textPath(text: string, x: number, baseline: number, fontSize: number, color: Rgb): string {
  const parts: string[] = [];
  const { glyphs, missing } = lineOf(text);
  reportMissing(missing);
  let pen = x;
  for (const { glyph, advance, dx, dy } of glyphs) {
    const [left, top] = [pen + dx * fontSize, baseline + dy * fontSize];
    for (const contour of glyph.contours) {
      const points = contour.map((value, index) => ((index % 2 === 0 ? left : top) + value * fontSize).toFixed(2));
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
  /** The letters that no font has; they are drawn as boxes. */
  readonly missing: readonly string[];
} {
  const { glyphs, missing } = lineOf(text);
  reportMissing(missing);
  let pen = 0;
  const contours = glyphs.map(({ glyph, advance, dx, dy }) => {
    const left = pen + dx;
    pen += advance;
    return glyph.contours.map((contour) => contour.map((value, index) => value + (index % 2 === 0 ? left : dy)));
  });
  return { contours: contours.filter((letter) => letter.length > 0), advance: pen, missing };
}

/** The text shortened to a width in pixels, with an ellipsis if shortened; '' if not a single letter fits. */
export function fitText(text: string, fontSize: number, maxWidth: number): string {
  if (textWidth(text, fontSize) <= maxWidth) return text;
  if (!isPlain(text)) return fitShaped(text, fontSize, maxWidth);
  const { glyphs } = lineOf(text);
  let width = textWidth('…', fontSize);
  let count = 0;
  for (; count < glyphs.length; count++) {
    width += (glyphs[count]?.advance ?? 0) * fontSize;
    if (width > maxWidth) break;
  }
  return withEllipsis([...text.normalize('NFC')], count);
}

/** A letter's width depends on those beside it, so each beginning of the text is measured. */
function fitShaped(text: string, fontSize: number, maxWidth: number): string {
  const letters = lettersOf(text.normalize('NFC'));
  let [fitting, tooMany] = [0, letters.length];
  while (tooMany - fitting > 1) {
    const count = (fitting + tooMany) >> 1;
    if (textWidth(withEllipsis(letters, count), fontSize) <= maxWidth) fitting = count;
    else tooMany = count;
  }
  return withEllipsis(letters, fitting);
}

function withEllipsis(letters: readonly string[], count: number): string {
  return count === 0 ? '' : `${letters.slice(0, count).join('').trimEnd()}…`;
}

function bitmapOf(glyph: Glyph, fontSize: number, right: number, down: number): GlyphBitmap | undefined {
  let sizes = bitmaps.get(glyph);
  if (sizes === undefined || sizes.size >= maxSizes) {
    sizes = new Map();
    bitmaps.set(glyph, sizes);
  }
  const key = `${fontSize} ${right} ${down}`;
  if (!sizes.has(key)) sizes.set(key, rasterize(glyph.contours, fontSize, right, down));
  return sizes.get(key);
}

function rasterize(
  contours: readonly (readonly number[])[],
  fontSize: number,
  right: number,
  down: number,
): GlyphBitmap | undefined {
  const points = contours.flat().map((value, index) => value * fontSize + (index % 2 === 0 ? right : down));
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
