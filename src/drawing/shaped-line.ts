import type { Bidi } from 'bidi-js';
import type { Font } from '../fonts/font';
import { fontFor } from '../fonts/registry';
import { scriptOf } from '../fonts/scripts';
import { codePointBox } from './code-point-box';
import { builtInGlyph } from './glyphs';
import { type Line, type LineGlyph, placed } from './line-glyph';

/** A part of a text with one font, script and direction; `start` and `end` count UTF-16 units. */
interface Run {
  readonly start: number;
  end: number;
  /** Unicode's embedding level: text of odd levels runs from right to left. */
  readonly level: number;
  /** Undefined for the fonts of the package, and for letters that no font has. */
  readonly font: Font | undefined;
  script: string | undefined;
}

let bidi: Bidi | undefined;
let graphemes: Intl.Segmenter | undefined;

/** Lays out a line of which some letters need other fonts: ordered for reading in both directions, and shaped. */
export function shapeLine(text: string): Line {
  // Loaded here, because most pictures have no such text.
  bidi ??= (require('bidi-js') as () => Bidi)();
  const { levels } = bidi.getEmbeddingLevels(text, 'auto');
  const missing = new Set<string>();
  const glyphs = inVisualOrder(splitIntoRuns(text, levels)).flatMap((run) =>
    run.font === undefined ? plainGlyphs(text, run, missing) : shapedGlyphs(text, run, run.font, missing),
  );
  return { glyphs, missing: [...missing] };
}

/** The letters of a text as a reader counts them, such as an emoji of several code points. */
export function lettersOf(text: string): string[] {
  graphemes ??= new Intl.Segmenter('en', { granularity: 'grapheme' });
  return Array.from(graphemes.segment(text), ({ segment }) => segment);
}

function splitIntoRuns(text: string, levels: Uint8Array): Run[] {
  const runs: Run[] = [];
  let start = 0;
  for (const letter of lettersOf(text)) {
    const end = start + letter.length;
    const level = levels[start] ?? 0;
    const font = isBuiltIn(letter) ? undefined : fontFor(letter);
    const script = scriptOf(letter);
    const last = runs.at(-1);
    const fits = last?.script === undefined || script === undefined || script === last.script;
    if (last !== undefined && last.level === level && last.font === font && fits) {
      last.end = end;
      last.script ??= script;
    } else {
      runs.push({ start, end, level, font, script });
    }
    start = end;
  }
  return runs;
}

function isBuiltIn(letter: string): boolean {
  return [...letter].every((character) => builtInGlyph(character) !== undefined);
}

/** Rule L2 of Unicode's algorithm: from the highest level down, runs of a level or higher are reversed. */
function inVisualOrder(runs: readonly Run[]): Run[] {
  const ordered = [...runs];
  const levels = [...new Set(runs.map(({ level }) => level))];
  const lowestOdd = Math.min(...levels.filter((level) => level % 2 === 1), Number.POSITIVE_INFINITY);
  for (let level = Math.max(0, ...levels); level >= lowestOdd; level--) {
    for (let start = 0; start < ordered.length; start++) {
      let end = start;
      while (end < ordered.length && (ordered[end] as Run).level >= level) end++;
      if (end > start) ordered.splice(start, end - start, ...ordered.slice(start, end).reverse());
      start = end;
    }
  }
  return ordered;
}

/** Letters of the package's fonts, each by itself as in other texts; letters that no font has as boxes. */
function plainGlyphs(text: string, { start, end, level }: Run, missing: Set<string>): LineGlyph[] {
  const isRightToLeft = level % 2 === 1;
  const glyphs = lettersOf(text.slice(start, end)).map((letter) =>
    [...letter].map((character) => {
      // A bracket that opens in text from right to left looks like one that closes.
      const mirrored = isRightToLeft ? bidi?.getMirroredCharacter(character) : undefined;
      const glyph = builtInGlyph(mirrored ?? character) ?? builtInGlyph(character);
      return glyph === undefined ? missingGlyph(character, missing) : placed(glyph);
    }),
  );
  return (isRightToLeft ? glyphs.reverse() : glyphs).flat();
}

function shapedGlyphs(text: string, { start, end, level }: Run, font: Font, missing: Set<string>): LineGlyph[] {
  return font.shape(text, start, end, level % 2 === 1).map((shaped) => {
    if (!shaped.missing) return shaped;
    return missingGlyph(String.fromCodePoint(text.codePointAt(shaped.cluster) as number), missing);
  });
}

function missingGlyph(character: string, missing: Set<string>): LineGlyph {
  missing.add(character);
  return placed(codePointBox(character));
}
