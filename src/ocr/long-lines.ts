import type { RgbImage } from '../image/image';
import { cropPixels } from '../image/raw-pixels';
import type { TextCharacter, TextRecognitionResult, Timings } from '../results';
import { cutLine, type LinePart } from './cut-line';
import { type LineOptions, readLines } from './read-lines';

/** A line that was read. */
export type ReadLine = Pick<TextRecognitionResult, 'text' | 'score' | 'characters'>;

/** The lines that were read, and the timings of all that went through the network. */
export interface ReadLines {
  readonly lines: readonly ReadLine[];
  readonly timings: readonly Timings[];
}

/**
 * Reads lines. Very long ones, which need memory by the square of their length, are cut between words and read in
 * parts.
 */
export async function readLongLines(crops: readonly RgbImage[], options: LineOptions): Promise<ReadLines> {
  const parts = crops.map(cutLine);
  const pixels = crops.flatMap((crop, i) => (parts[i] as LinePart[]).map((part) => partOf(crop, part)));
  const read = await readLines(pixels, options);
  const hasSpace = options.reader.recognition.spec.labels.includes(' ');
  let next = 0;
  const lines = parts.map((own) => {
    const first = next;
    next += own.length;
    return joined(own, read.slice(first, next), hasSpace);
  });
  return { lines, timings: read.map(({ timings }) => timings) };
}

function partOf(crop: RgbImage, { start, end }: LinePart): RgbImage {
  if (start === 0 && end === crop.width) return crop;
  return cropPixels(crop, { left: start, top: 0, width: end - start, height: crop.height });
}

function joined(parts: readonly LinePart[], read: readonly TextRecognitionResult[], hasSpace: boolean): ReadLine {
  const [only, ...others] = read as [TextRecognitionResult, ...TextRecognitionResult[]];
  if (others.length === 0) return only;
  const characters: TextCharacter[] = [];
  for (const [i, { characters: own }] of read.entries()) {
    const { start, gap } = parts[i] as LinePart;
    const moved = own.map((one) => ({ ...one, start: one.start + start, end: one.end + start }));
    const [last, first] = [characters.at(-1), moved[0]];
    const between = last !== undefined && first !== undefined && hasSpace && gap;
    if (between && last.text !== ' ' && first.text !== ' ') {
      characters.push({ text: ' ', score: Math.min(last.score, first.score), start: last.end, end: first.start });
    }
    characters.push(...moved);
  }
  const score = characters.reduce((sum, one) => sum + one.score, 0) / Math.max(1, characters.length);
  return { text: characters.map(({ text }) => text).join(''), score, characters };
}
