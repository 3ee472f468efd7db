import type * as Meaw from 'meaw';

/** Created on first use: both take milliseconds, and most texts are ASCII. */
let segmenter: Intl.Segmenter | undefined;
let meaw: typeof Meaw | undefined;

/**
 * Zero-width characters: combining marks, joiners, selectors, medial vowels and final consonants of a Korean syllable.
 */
const joined = /[\p{Mark}\p{Default_Ignorable_Code_Point}\u1160-\u11ff\ud7b0-\ud7ff]/u;
/** An emoji by default, or one requested by a variation selector. */
const emoji = /\p{Emoji_Presentation}|\ufe0f/u;

/** Columns on a terminal: East Asian characters and emoji take two, combining marks none. */
export function displayWidth(text: string): number {
  if (/^[\u0020-\u007e]*$/.test(text)) return text.length;
  segmenter ??= new Intl.Segmenter();
  let width = 0;
  for (const { segment } of segmenter.segment(text)) width += segmentWidth(segment);
  return width;
}

function segmentWidth(segment: string): number {
  if (emoji.test(segment)) return 2;
  return Array.from(segment).reduce((sum, character) => sum + characterWidth(character), 0);
}

function characterWidth(character: string): number {
  if (joined.test(character)) return 0;
  meaw ??= require('meaw') as typeof Meaw;
  const property = meaw.getEAW(character);
  return property === 'W' || property === 'F' ? 2 : 1;
}

/** Pads text with spaces to a number of columns, after or before it. */
export function pad(text: string, width: number, align: 'left' | 'right' = 'left'): string {
  const blanks = ' '.repeat(Math.max(0, width - displayWidth(text)));
  return align === 'left' ? text + blanks : blanks + text;
}
