import { anyText, integer, type OptionChecks, readOptions } from '../../options';
import { invalidArgument } from '../../validate';
import type { Point } from '../canvas';
import { type Color, checkColor } from '../colors';
import type { Annotator } from './annotator';
import { isPoint, writeCentered } from './zone';

/** A line and its counts. */
export interface LineOptions {
  /** One end, in pixels of the image. */
  readonly from: Point;
  /** The other end. */
  readonly to: Point;
  /** How many objects crossed it in one direction, an integer ≥ 0; default: not written. */
  readonly in?: number;
  /** How many objects crossed it in the other direction, an integer ≥ 0; default: not written. */
  readonly out?: number;
  /** The name of the line, written before the counts; default: nothing. */
  readonly label?: string;
  /** Default: the first colour of the palette. */
  readonly color?: Color;
}

const checks = {
  from: checkEnd,
  to: checkEnd,
  in: integer(0),
  out: integer(0),
  label: anyText,
  color: checkColor,
} satisfies OptionChecks<LineOptions>;

/** Draws a line of the image, for example one at which objects are counted, with the counts in its middle. */
export function createLine(options: LineOptions): Annotator {
  const { from, to, in: enter, out: leave, label, color } = readOptions('line', options ?? {}, checks);
  const ends = [checkEnd('from', from), checkEnd('to', to)] as const;
  const counts = [enter === undefined ? '' : `in ${enter}`, leave === undefined ? '' : `out ${leave}`];
  const text = [label ?? '', ...counts].filter((part) => part !== '').join('  ');
  return (canvas, { style }) => {
    const shade = color === undefined ? style.color(0) : checkColor('color', color);
    canvas.line(ends, style.line * 1.5 + 2, [0, 0, 0], 0.45);
    canvas.line(ends, style.line * 1.5, shade);
    for (const end of ends) {
      canvas.circle(end, style.line * 2.5 + 1, [0, 0, 0], 0.6);
      canvas.circle(end, style.line * 2.5, shade);
    }
    const [[x1, y1], [x2, y2]] = ends;
    if (text !== '') writeCentered(canvas, text, [(x1 + x2) / 2, (y1 + y2) / 2], style.fontSize, shade);
  };
}

function checkEnd(name: string, value: unknown): Point {
  if (isPoint(value)) return value;
  throw invalidArgument(name, 'point [x, y]', value);
}
