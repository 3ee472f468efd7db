import { anyText, fraction, type OptionChecks, readOptions } from '../../options';
import { invalidArgument } from '../../validate';
import type { Canvas, Point } from '../canvas';
import { type Color, checkColor } from '../colors';
import { boxAround, clamp } from '../geometry';
import { labelHeight, labelWidth, writeOnPlate } from '../label-plate';
import type { Annotator } from './annotator';

/** A zone and what is written in it. */
export interface ZoneOptions {
  /** The corners of the polygon, at least three, in pixels of the image. */
  readonly points: readonly Point[];
  /** Written in the middle, such as `3 people`; default: nothing. */
  readonly label?: string;
  /** Default: the first colour of the palette. */
  readonly color?: Color;
  /** Opacity of the area, 0 to 1; default 0.25. */
  readonly opacity?: number;
}

const checks = {
  points: checkPoints,
  label: anyText,
  color: checkColor,
  opacity: fraction,
} satisfies OptionChecks<ZoneOptions>;

/** Draws a polygon of the image, for example one in which objects are counted, with a text such as its count. */
export function createZone(options: ZoneOptions): Annotator {
  const { points, label = '', color, opacity = 0.25 } = readOptions('zone', options ?? {}, checks);
  checkPoints('points', points);
  return (canvas, { style }) => {
    const shade = color === undefined ? style.color(0) : checkColor('color', color);
    canvas.polygon([points], shade, opacity);
    canvas.line(points, style.line + 2, [0, 0, 0], 0.35, 'closed');
    canvas.line(points, style.line, shade, 1, 'closed');
    if (label !== '') writeCentered(canvas, label, middleOf(points), style.fontSize, shade);
  };
}

function checkPoints(name: string, points: unknown): readonly Point[] {
  if (Array.isArray(points) && points.length >= 3 && points.every(isPoint)) return points as Point[];
  throw invalidArgument(name, 'array of at least three points [x, y]', points);
}

/** Whether a value is a pair of finite numbers. */
export function isPoint(value: unknown): value is Point {
  return Array.isArray(value) && value.length === 2 && value.every(Number.isFinite);
}

function middleOf(points: readonly Point[]): Point {
  const [x1, y1, x2, y2] = boxAround(points);
  return [(x1 + x2) / 2, (y1 + y2) / 2];
}

/** Writes a text on a plate around a point, inside the image. */
export function writeCentered(
  canvas: Canvas,
  text: string,
  [x, y]: Point,
  fontSize: number,
  background: readonly [number, number, number],
): void {
  const [width, height] = [labelWidth(text, fontSize), labelHeight(fontSize)];
  const left = clamp(Math.round(x - width / 2), 0, Math.max(0, canvas.width - width));
  const top = clamp(Math.round(y - height / 2), 0, Math.max(0, canvas.height - height));
  writeOnPlate(canvas, text, fontSize, { left, top, width, height }, background);
}
