import type { Canvas } from '../canvas';
import { glyphIn } from '../glyphs';
import type { Rgb } from '../palette';
import { layOutGlyph } from '../text';

/** Aileron Regular, which Pillow (from 10.1) has for its default, at 10 pixels; its letters begin below 10 pixels. */
const font = 'aileron-regular.ttf';
const fontSize = 10;
const ascent = 10;

/** Pillow's advances of the characters from space to tilde in whole pixels, as FreeType's hints make them (hexadecimal). */
const advances = '23367771437723236666666666226664A6677667836669876766676A667333653565663673363975664437585563336';

function advanceOf(letter: string): number {
  const digit = advances[letter.charCodeAt(0) - 32];
  return digit === undefined ? Math.round(glyphIn(font, letter).advance * fontSize) : Number.parseInt(digit, 16);
}

/** Width and height of what Pillow's `textbbox` tells: from the highest to the lowest pixel. */
export function measurePillowText(text: string): { readonly width: number; readonly height: number } {
  let [width, top, bottom] = [0, 0, 0];
  for (const letter of text) {
    width += advanceOf(letter);
    const ys = glyphIn(font, letter).contours.flatMap((contour) => contour.filter((_, index) => index % 2 === 1));
    top = Math.max(top, Math.round(-Math.min(0, ...ys) * fontSize + 0.2));
    bottom = Math.max(bottom, Math.round(Math.max(0, ...ys) * fontSize));
  }
  return { width, height: top + bottom };
}

/** Writes as Pillow does, with the left top corner of its line of text at a place. */
export function drawPillowText(canvas: Canvas, text: string, left: number, top: number, color: Rgb): void {
  let x = left;
  for (const letter of text) {
    canvas.glyph(layOutGlyph(glyphIn(font, letter), x, Math.trunc(top) + ascent, fontSize), color);
    x += advanceOf(letter);
  }
}
