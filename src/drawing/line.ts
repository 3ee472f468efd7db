import { fontsVersion } from '../fonts/registry';
import { builtInGlyph } from './glyphs';
import { type Line, type LineGlyph, placed } from './line-glyph';
import { shapeLine } from './shaped-line';

/** Lines that were laid out with other fonts than those of the package, which takes longer. */
const shaped = new Map<string, Line>();
const mostShaped = 512;
let version = '';

/** The glyphs of a line of text. */
export function lineOf(text: string): Line {
  const letters = [...text.normalize('NFC')];
  const plain: LineGlyph[] = [];
  for (const letter of letters) {
    const glyph = builtInGlyph(letter);
    if (glyph === undefined) return shapedLineOf(letters.join(''));
    plain.push(placed(glyph));
  }
  return { glyphs: plain, missing: [] };
}

/** Whether the fonts of the package have all letters of a text. */
export function isPlain(text: string): boolean {
  return [...text.normalize('NFC')].every((letter) => builtInGlyph(letter) !== undefined);
}

function shapedLineOf(text: string): Line {
  const now = fontsVersion();
  if (now !== version || shaped.size >= mostShaped) shaped.clear();
  version = now;
  let line = shaped.get(text);
  if (line === undefined) {
    line = shapeLine(text);
    shaped.set(text, line);
  }
  return line;
}
