import path from 'node:path';
import type { Rgb } from '../../display/palette';
import type { Canvas } from '../../drawing/canvas';
import { isPlain } from '../../drawing/line';
import { layOutText, type PlacedGlyph, textWidth } from '../../drawing/text';
import { readFileSync } from '../../files/fs';
import { packageRoot } from '../../package-root';

/** Pillow's default font (from 10.1) has a size of 10 pixels; its baseline is 10 pixels below the top of the text. */
const fontSize = 10;

/**
 * A letter rendered by FreeType at that size, hinted to whole pixels, or several of another font; `left` and `top` are relative to the
 * text's corner.
 */
interface Letters {
  readonly advance: number;
  readonly placed: readonly PlacedGlyph[];
}

let letters: ReadonlyMap<string, Letters> | undefined;

/** From space to tilde; for each one byte for advance, left + 8, top, width and height, then the coverage. */
function readLetters(): ReadonlyMap<string, Letters> {
  const bytes = readFileSync(path.join(packageRoot(), 'src', 'drawing', 'fonts', 'pillow-default.bin'));
  const all = new Map<string, Letters>();
  let at = 0;
  for (let code = 32; code < 127; code++) {
    const [advance = 0, left = 0, top = 0, width = 0, height = 0] = bytes.subarray(at, at + 5);
    const data = Uint8Array.from(bytes.subarray(at + 5, at + 5 + width * height));
    const bitmap = { width, height, data, left: 0, top: 0 };
    const placed = data.length === 0 ? [] : [{ bitmap, left: left - 8, top }];
    all.set(String.fromCharCode(code), { advance, placed });
    at += 5 + data.length;
  }
  return all;
}

/**
 * The parts of a text, which are drawn one after the other: its characters, as in Pillow. What is missing in the font is drawn with the
 * fonts of other pictures: Pillow would draw an empty frame. Letters whose forms and order depend on each other are one part.
 */
function partsOf(text: string): Letters[] {
  const characters = [...text];
  const first = characters.findIndex((character) => !isPlain(character));
  if (first === -1) return characters.map(letterOf);
  let end = characters.findLastIndex((character) => !isPlain(character)) + 1;
  while (/^\p{M}/u.test(characters[end] ?? '')) end++;
  const together = otherLetters(characters.slice(first, end).join(''));
  return [...characters.slice(0, first).map(letterOf), together, ...characters.slice(end).map(letterOf)];
}

function letterOf(character: string): Letters {
  letters ??= readLetters();
  return letters.get(character) ?? otherLetters(character);
}

function otherLetters(text: string): Letters {
  return { advance: Math.round(textWidth(text, fontSize)), placed: layOutText(text, 0, fontSize, fontSize).placed };
}

/** Width and height as in Pillow's `textbbox`. */
export function measurePillowText(text: string): { readonly width: number; readonly height: number } {
  let [pen, left, right, top, bottom] = [0, 0, 0, Number.POSITIVE_INFINITY, 0];
  for (const { advance, placed } of partsOf(text)) {
    for (const one of placed) {
      left = Math.min(left, pen + one.left);
      right = Math.max(right, pen + one.left + one.bitmap.width);
      top = Math.min(top, one.top);
      bottom = Math.max(bottom, one.top + one.bitmap.height);
    }
    pen += advance;
  }
  return { width: Math.max(right, pen) - left, height: Math.max(0, bottom - top) };
}

/** Writes text as Pillow does, with the top left corner of the line at a position. */
export function drawPillowText(canvas: Canvas, text: string, left: number, top: number, color: Rgb): void {
  // FreeType counts in 64ths of a pixel; a half is rounded to the right, and (because its y points upwards) to the top.
  let x = Math.trunc(left) + ((Math.round(sixtyFourths(left)) + 32) >> 6);
  const y = Math.trunc(top) - ((32 - Math.floor(sixtyFourths(top))) >> 6);
  for (const { advance, placed } of partsOf(text)) {
    for (const one of placed) canvas.glyph({ ...one, left: x + one.left, top: y + one.top }, color);
    x += advance;
  }
}

function sixtyFourths(value: number): number {
  return (value - Math.trunc(value)) * 64;
}
