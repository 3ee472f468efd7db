import { createRequire } from 'node:module';
import path from 'node:path';
import { readFileSync } from '../files/fs';
import { flatten, type Glyph, type PathCommand } from '../fonts/outline';
import { type LetterKind, scriptOf } from '../fonts/scripts';
import { packageRoot } from '../package-root';

/** The part of opentype.js that is used; its published types would add the browser's types to every build. */
interface Font {
  readonly unitsPerEm: number;
  charToGlyphIndex(character: string): number;
  charToGlyph(character: string): FontGlyph;
}
interface FontGlyph {
  readonly advanceWidth: number;
  getPath(x: number, y: number, fontSize: number): { readonly commands: readonly PathCommand[] };
}
/** Semi Bold of Inter, in the parts of its package, then of Noto Sans SC; each file is read when first needed. */
const interSubsets = ['latin', 'latin-ext', 'greek', 'greek-ext', 'cyrillic', 'cyrillic-ext', 'vietnamese'];
const fontFiles: readonly string[] = [
  ...interSubsets.map((subset) => `@fontsource/inter/files/inter-${subset}-600-normal.woff`),
  'noto-sans-sc-600.woff',
];
const latin = fontFiles[0] as string;

/** Scripts of these fonts: they are not opened for letters of others. */
const scripts: readonly LetterKind[] = ['Latin', 'Greek', 'Cyrillic', 'Han', 'Hiragana', 'Katakana', 'Bopomofo'];

const requireHere = createRequire(__filename);
const opened = new Map<string, Font>();
const glyphs = new Map<string, Glyph | undefined>();
const nothing: Glyph = { advance: 0, contours: [] };

/**
 * The glyph of one character (a whole code point) in the fonts of the package, which are the same on every machine; undefined if they
 * lack it.
 */
export function builtInGlyph(character: string): Glyph | undefined {
  if (!glyphs.has(character)) glyphs.set(character, findGlyph(character));
  return glyphs.get(character);
}

function findGlyph(character: string): Glyph | undefined {
  if (/^\s$/u.test(character)) return { advance: outline(openFont(latin), ' ').advance, contours: [] };
  if (isUnseen(character)) return nothing;
  const script = scriptOf(character);
  if (script !== undefined && !scripts.includes(script)) return undefined;
  for (const file of fontFiles) {
    const font = openFont(file);
    if (font.charToGlyphIndex(character) > 0) return outline(font, character);
  }
  return undefined;
}

/** Joiners, variation selectors, control characters, and combining marks left over by NFC have no width. */
function isUnseen(character: string): boolean {
  if (/^[\p{Cc}\p{Cf}]$/u.test(character)) return true;
  // U+20E3 makes a keycap of the digit before it, which is an emoji; the marks of other scripts are letters.
  return /^[\p{Mn}\p{Me}]$/u.test(character) && inheritedMark.test(character) && character !== '\u20e3';
}

const inheritedMark = /[\p{Script=Inherited}\p{Script=Common}\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}]/u;

function outline(font: Font, character: string): Glyph {
  const glyph = font.charToGlyph(character);
  return { advance: glyph.advanceWidth / font.unitsPerEm, contours: flatten(glyph.getPath(0, 0, 1).commands) };
}

function openFont(file: string): Font {
  let font = opened.get(file);
  if (font === undefined) {
    const { parse } = requireHere('opentype.js') as { parse(data: ArrayBuffer): Font };
    const ours = path.join(packageRoot(), 'src', 'drawing', 'fonts', file);
    const bytes = readFileSync(file.startsWith('@') ? requireHere.resolve(file) : ours);
    font = parse(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer);
    opened.set(file, font);
  }
  return font;
}
