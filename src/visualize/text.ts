import { type Glyph, glyphOf } from './glyphs';
import { type Rgb, toHex } from './palette';

/** Height of a capital letter, in ems; centring by it looks right for labels. */
export const capHeight = 0.7275;

/** Width of a line of text in pixels. */
export function textWidth(text: string, fontSize: number): number {
  return glyphsOf(text).reduce((sum, glyph) => sum + glyph.advance, 0) * fontSize;
}

/**
 * A line of text as SVG outlines, so that it looks the same on every machine, with or without fonts.
 *
 * @param x left end of the text in pixels
 * @param baseline the line the letters stand on, in pixels from the top
 * @param fontSize height of the em in pixels
 */
export function textPath(text: string, x: number, baseline: number, fontSize: number, color: Rgb): string {
  const parts: string[] = [];
  let advance = 0;
  for (const glyph of glyphsOf(text)) {
    if (glyph.path !== '') {
      const scale = number(glyph.unit * fontSize);
      const left = number(x + advance * fontSize);
      parts.push(`<path transform="translate(${left} ${number(baseline)}) scale(${scale})" d="${glyph.path}"/>`);
    }
    advance += glyph.advance;
  }
  return `<g fill="${toHex(color)}">${parts.join('')}</g>`;
}

/** The text cut to a width in pixels, with an ellipsis where something went; '' if not one letter fits. */
export function fitText(text: string, fontSize: number, maxWidth: number): string {
  if (textWidth(text, fontSize) <= maxWidth) return text;
  const characters = [...text.normalize('NFC')];
  let width = textWidth('…', fontSize);
  let count = 0;
  for (; count < characters.length; count++) {
    width += glyphOf(characters[count] ?? '').advance * fontSize;
    if (width > maxWidth) break;
  }
  return count === 0 ? '' : `${characters.slice(0, count).join('').trimEnd()}…`;
}

function glyphsOf(text: string): Glyph[] {
  return Array.from(text.normalize('NFC'), glyphOf);
}

/** Short and never in exponent form, which SVG would take but people who look at it would not. */
function number(value: number): string {
  return String(Number(value.toFixed(5)));
}
