import { createRequire } from 'node:module';
import path from 'node:path';
import { readFileSync } from '../files/fs';
import { packageRoot } from '../package-root';

/** The outline of one character in ems; y grows downwards, the baseline is 0. */
export interface Glyph {
  readonly advance: number;
  /** Closed contours, alternating x and y of each point; empty if nothing is drawn. */
  readonly contours: readonly (readonly number[])[];
}

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
type PathCommand =
  | { readonly type: 'M' | 'L'; readonly x: number; readonly y: number }
  | { readonly type: 'Q'; readonly x1: number; readonly y1: number; readonly x: number; readonly y: number }
  | {
      readonly type: 'C';
      readonly x1: number;
      readonly y1: number;
      readonly x2: number;
      readonly y2: number;
      readonly x: number;
      readonly y: number;
    }
  | { readonly type: 'Z' };

/** Semi Bold of Inter, in the parts of its package, then of Noto Sans SC; each file is read when first needed. */
const interSubsets = ['latin', 'latin-ext', 'greek', 'greek-ext', 'cyrillic', 'cyrillic-ext', 'vietnamese'];
const fontFiles: readonly string[] = [
  ...interSubsets.map((subset) => `@fontsource/inter/files/inter-${subset}-600-normal.woff`),
  'noto-sans-sc-600.woff',
];
const latin = fontFiles[0] as string;

/** Number of straight segments per curve of a letter. */
const curveSteps = 6;

const requireHere = createRequire(__filename);
const fonts = new Map<string, Font>();
const glyphs = new Map<string, Glyph>();

/** An empty frame for a character missing in the fonts, so that the omission is visible. */
const placeholder: Glyph = {
  advance: 0.84,
  contours: [
    [0.08, -0.74, 0.76, -0.74, 0.76, 0.06, 0.08, 0.06],
    [0.15, -0.67, 0.15, -0.01, 0.69, -0.01, 0.69, -0.67],
  ],
};
const nothing: Glyph = { advance: 0, contours: [] };

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
  if (/^\s$/u.test(character)) return { advance: outline(openFont(latin), ' ').advance, contours: [] };
  // Joiners, variation selectors, combining marks left over by NFC, and control characters have no width.
  if (/^[\p{Cc}\p{Cf}\p{Mn}\p{Me}]$/u.test(character)) return nothing;
  for (const file of fontFiles) {
    const font = openFont(file);
    if (font.charToGlyphIndex(character) > 0) return outline(font, character);
  }
  return placeholder;
}

function outline(font: Font, character: string): Glyph {
  const glyph = font.charToGlyph(character);
  return { advance: glyph.advanceWidth / font.unitsPerEm, contours: flatten(glyph.getPath(0, 0, 1).commands) };
}

function flatten(commands: readonly PathCommand[]): number[][] {
  const contours: number[][] = [];
  let [x, y] = [0, 0];
  for (const command of commands) {
    if (command.type === 'Z') continue;
    if (command.type === 'M') contours.push([]);
    const contour = contours.at(-1);
    if (contour === undefined) continue;
    const controls = controlsOf(command);
    for (let step = 1; step <= (controls.length > 0 ? curveSteps : 1); step++) {
      contour.push(
        ...bezier([[x, y], ...controls, [command.x, command.y]], controls.length > 0 ? step / curveSteps : 1),
      );
    }
    [x, y] = [command.x, command.y];
  }
  return contours;
}

function controlsOf(command: Exclude<PathCommand, { type: 'Z' }>): [number, number][] {
  if (command.type === 'Q') return [[command.x1, command.y1]];
  if (command.type !== 'C') return [];
  return [
    [command.x1, command.y1],
    [command.x2, command.y2],
  ];
}

/** A point of a Bézier curve of any degree (de Casteljau). */
function bezier(points: readonly (readonly [number, number])[], t: number): readonly [number, number] {
  const [first, ...rest] = points;
  if (first === undefined || rest.length === 0) return first ?? [0, 0];
  const next = rest.map(([x, y], index): [number, number] => {
    const [fromX, fromY] = points[index] ?? [0, 0];
    return [fromX + (x - fromX) * t, fromY + (y - fromY) * t];
  });
  return bezier(next, t);
}

function openFont(file: string): Font {
  let font = fonts.get(file);
  if (font === undefined) {
    const { parse } = requireHere('opentype.js') as { parse(data: ArrayBuffer): Font };
    const ours = path.join(packageRoot(), 'src', 'drawing', 'fonts', file);
    const bytes = readFileSync(file.startsWith('@') ? requireHere.resolve(file) : ours);
    font = parse(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer);
    fonts.set(file, font);
  }
  return font;
}
