import type { RgbImage } from '../image/image';
import { type QuarterTurns, turnImage, turnPointBack } from '../image/turn';
import { predict } from '../predict/predict';
import type { TextLine, Timings } from '../results';
import { throwIfAborted } from '../validate';
import { anglesOf } from './orientation-classes';
import type { Point } from './polygon';
import type { TextReader } from './text-reader';

/** A page as it is read, and how it was changed for that. */
export interface StraightPage {
  readonly pixels: RgbImage;
  /** Degrees by which the page was turned clockwise; undefined without a network for orientation. */
  readonly angle: QuarterTurns | undefined;
  readonly unwarped: boolean;
  readonly spent: readonly Timings[];
}

/**
 * Turns a page that lies on its side or upside down, then unwarps it, in the order of PaddleX's `doc_preprocessor`. Pages are
 * turned exactly; PaddleX's are shifted by a pixel.
 */
export async function straightenPage(
  page: RgbImage,
  { pageOrientation, unwarping }: TextReader,
  signal: AbortSignal | undefined,
): Promise<StraightPage> {
  const options = signal === undefined ? {} : { signal };
  const spent: Timings[] = [];
  let pixels = page;
  let angle: QuarterTurns | undefined;
  if (pageOrientation !== undefined) {
    const { classes, timings } = await predict(pageOrientation, pixels, options);
    spent.push(timings);
    angle = anglesOf(pageOrientation)[classes[0]?.classId ?? 0] ?? 0;
    pixels = turnImage(pixels, turnBack[angle]);
    throwIfAborted(signal);
  }
  if (unwarping !== undefined) {
    const { unwarped, timings } = await predict(unwarping, pixels, options);
    spent.push(timings);
    pixels = unwarped;
  }
  return { pixels, angle, unwarped: unwarping !== undefined, spent };
}

const turnBack = { 0: 0, 90: 270, 180: 180, 270: 90 } as const;

/** Lines with their places in the page before it was turned. */
export function turnLinesBack(lines: readonly TextLine[], angle: QuarterTurns, page: RgbImage): TextLine[] {
  if (angle === 0) return [...lines];
  const back = (polygon: readonly Point[]): Point[] =>
    polygon.map((point) => turnPointBack(point, turnBack[angle], page));
  return lines.map((line) => ({
    ...line,
    polygon: back(line.polygon),
    characters: line.characters.map((character) => ({ ...character, polygon: back(character.polygon) })),
  }));
}
