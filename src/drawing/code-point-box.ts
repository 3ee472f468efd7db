import type { Glyph } from '../fonts/outline';
import { builtInGlyph } from './glyphs';

/** In ems: the frame's height below and above the baseline, its line, and its distance to the letters beside it. */
const [bottom, top, line, gap] = [0.12, 0.8, 0.055, 0.06];
/** Size of the digits, in ems of the text; all are put into cells of the same width. */
const digitSize = 0.44;
const cell = 0.3;
/** Height of Inter's digits, in ems of the digits. */
const digitHeight = 0.7275;

const boxes = new Map<string, Glyph>();

/** What is drawn for a character that no font has: a frame with its code point in hexadecimal digits, in two rows. */
export function codePointBox(character: string): Glyph {
  let box = boxes.get(character);
  if (box === undefined) {
    box = makeBox(character.codePointAt(0) as number);
    boxes.set(character, box);
  }
  return box;
}

function makeBox(codePoint: number): Glyph {
  const digits = codePoint.toString(16).toUpperCase().padStart(4, '0');
  const columns = Math.ceil(digits.length / 2);
  const rows = [digits.slice(0, -columns), digits.slice(-columns)];
  const inner = columns * cell + line;
  const [left, right] = [gap, gap + inner + 2 * line];
  const half = (top + bottom) / 2;
  const contours: number[][] = [
    rectangle(left, -top, right, bottom),
    rectangle(left + line, -top + line, right - line, bottom - line)
      .reverse()
      .flatMap(swapped),
  ];
  for (const [row, text] of rows.entries()) {
    // Centred in its half of the frame; an odd number of digits has the shorter row above.
    const middle = -top + half * (row + 0.5) + (row === 0 ? line : -line) / 2;
    const start = (left + right) / 2 - (text.length * cell) / 2;
    for (const [i, digit] of [...text].entries()) {
      const glyph = builtInGlyph(digit) as Glyph;
      const x = start + (i + 0.5) * cell - (glyph.advance * digitSize) / 2;
      const y = middle + (digitHeight * digitSize) / 2;
      contours.push(...glyph.contours.map((contour) => contour.map((at, k) => at * digitSize + (k % 2 === 0 ? x : y))));
    }
  }
  return { advance: right + gap, contours };
}

function rectangle(left: number, top: number, right: number, bottom: number): number[] {
  return [left, top, right, top, right, bottom, left, bottom];
}

/** A reversed list of coordinates has each y before its x. */
function swapped(value: number, index: number, all: readonly number[]): number[] {
  return index % 2 === 0 ? [all[index + 1] as number, value] : [];
}
