import { turnedFrom } from '../image/crop-quads';
import type { PlacedCharacter, TextCharacter } from '../results';
import type { Point } from './polygon';

/**
 * The corners of each character on the page, from its place along the crop that was read.
 *
 * @param quad the corners of the line, clockwise from its top left
 * @param width of the crop, in pixels
 * @param upsideDown whether the crop was turned by 180° before it was read
 */
export function placeCharacters(
  characters: readonly TextCharacter[],
  quad: readonly Point[],
  width: number,
  upsideDown: boolean,
): PlacedCharacter[] {
  const [a, b, c, d] = quad as readonly [Point, Point, Point, Point];
  const across = Math.max(distance(a, b), distance(c, d));
  const down = Math.max(distance(a, d), distance(b, c));
  // A line from top to bottom has its upper side at the right.
  const [start, end, endBelow, startBelow] = down >= turnedFrom * across ? [b, c, d, a] : [a, b, c, d];
  return characters.map(({ text, score, start: from, end: to }) => {
    const [first, last] = upsideDown ? [1 - to / width, 1 - from / width] : [from / width, to / width];
    const corners = [
      between(start, end, first),
      between(start, end, last),
      between(startBelow, endBelow, last),
      between(startBelow, endBelow, first),
    ];
    return {
      text,
      score,
      polygon: upsideDown ? ([corners[2], corners[3], corners[0], corners[1]] as Point[]) : corners,
    };
  });
}

function between([ax, ay]: Point, [bx, by]: Point, share: number): Point {
  return [ax + (bx - ax) * share, ay + (by - ay) * share];
}

function distance([ax, ay]: Point, [bx, by]: Point): number {
  return Math.hypot(bx - ax, by - ay);
}
