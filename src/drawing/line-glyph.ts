import type { Glyph } from '../fonts/outline';

/** A glyph of a line; lengths in ems, y grows downwards. */
export interface LineGlyph {
  readonly glyph: Glyph;
  /** To the position of the next glyph. */
  readonly advance: number;
  /** Where it is drawn, from its position. */
  readonly dx: number;
  readonly dy: number;
}

/** A line of text as glyphs from left to right. */
export interface Line {
  readonly glyphs: readonly LineGlyph[];
  /** The letters that no font has; they are drawn as boxes. */
  readonly missing: readonly string[];
}

/** A glyph at its own position. */
export function placed(glyph: Glyph): LineGlyph {
  return { glyph, advance: glyph.advance, dx: 0, dy: 0 };
}
