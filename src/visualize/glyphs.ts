import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/** The outline of one character, in units of the em; y grows downwards, the baseline is 0. */
export interface Glyph {
  readonly advance: number;
  /** SVG path data in font units; '' draws nothing. */
  readonly path: string;
  /** Ems for one font unit. */
  readonly unit: number;
}

/** The little of opentype.js that is used; its published types would pull the browser's into every build. */
interface Font {
  readonly unitsPerEm: number;
  charToGlyphIndex(character: string): number;
  charToGlyph(character: string): FontGlyph;
}
interface FontGlyph {
  readonly advanceWidth: number;
  getPath(x: number, y: number, fontSize: number): { toPathData(decimals: number): string };
}

/** Inter Semi Bold, in the parts the font's package ships; a part is read when a character first asks for it. */
const subsets = ['latin', 'latin-ext', 'greek', 'greek-ext', 'cyrillic', 'cyrillic-ext', 'vietnamese'] as const;

const requireHere = createRequire(__filename);
const fonts = new Map<string, Font>();
const glyphs = new Map<string, Glyph>();

/** An empty frame for a character that the font lacks: seen to be missing, rather than silently gone. */
const placeholder: Glyph = {
  advance: 0.84,
  path: 'M80 -740H760V60H80ZM150 -670V-10H690V-670Z',
  unit: 1 / 1000,
};
const nothing: Glyph = { advance: 0, path: '', unit: 1 };

/** The glyph of one character (a whole code point). */
export function glyphOf(character: string): Glyph {
  let glyph = glyphs.get(character);
  if (glyph === undefined) {
    glyph = findGlyph(character);
    glyphs.set(character, glyph);
  }
  return glyph;
}

function findGlyph(character: string): Glyph {
  if (/^\s$/u.test(character)) return spaceGlyph();
  // Joiners, variation selectors, combining marks left over by NFC, and control characters take no room.
  if (/^[\p{Cc}\p{Cf}\p{Mn}\p{Me}]$/u.test(character)) return nothing;
  for (const subset of subsets) {
    const font = openFont(subset);
    if (font.charToGlyphIndex(character) > 0) return outline(font, character);
  }
  return placeholder;
}

function spaceGlyph(): Glyph {
  const font = openFont('latin');
  return { advance: font.charToGlyph(' ').advanceWidth / font.unitsPerEm, path: '', unit: 1 };
}

function outline(font: Font, character: string): Glyph {
  const glyph = font.charToGlyph(character);
  const path = glyph.getPath(0, 0, font.unitsPerEm).toPathData(0);
  return { advance: glyph.advanceWidth / font.unitsPerEm, path, unit: 1 / font.unitsPerEm };
}

function openFont(subset: string): Font {
  let font = fonts.get(subset);
  if (font === undefined) {
    const { parse } = requireHere('opentype.js') as { parse(data: ArrayBuffer): Font };
    const bytes = readFileSync(requireHere.resolve(`@fontsource/inter/files/inter-${subset}-600-normal.woff`));
    font = parse(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer);
    fonts.set(subset, font);
  }
  return font;
}
