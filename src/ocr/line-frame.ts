import type { TextLine } from '../results';
import { type Point, topAngle } from './polygon';

/** The position of a line of text on its page: where reading begins, and in which direction. */
export interface LineFrame {
  /** The upper left corner of the first character, as seen by a reader. */
  readonly start: Point;
  /** The direction of reading in radians, from the x axis to the y axis. */
  readonly angle: number;
  /** From the first character to the last, in pixels. */
  readonly length: number;
  /** Of the characters, in pixels. */
  readonly height: number;
}

/** The frame of a line, by its characters; by its polygon if it has none. */
export function lineFrame({ polygon, characters }: Pick<TextLine, 'polygon' | 'characters'>): LineFrame {
  const [first, last] = [characters[0]?.polygon ?? polygon, characters.at(-1)?.polygon ?? polygon];
  const [start = origin, , , below = origin] = first;
  const [, end = origin] = last;
  const length = distance(start, end);
  return {
    start,
    angle: length === 0 ? topAngle(polygon) : Math.atan2(end[1] - start[1], end[0] - start[0]),
    length,
    height: distance(start, below),
  };
}

const origin: Point = [0, 0];

function distance([ax, ay]: Point, [bx, by]: Point): number {
  return Math.hypot(bx - ax, by - ay);
}
