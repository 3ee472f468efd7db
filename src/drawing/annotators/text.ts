import { turnedFrom } from '../../image/crop-quads';
import { fraction, type OptionChecks, readOptions } from '../../options';
import type { Canvas, Point } from '../canvas';
import { textContours } from '../text';
import type { Annotator, SceneObject } from './annotator';
import { cornersOf } from './rotated-box';

/** Options of `text`. */
export interface TextOptions {
  /** Opacity of the white behind the text, 0 (the image is seen) to 1 (default). */
  readonly background?: number;
}

const checks = { background: fraction } satisfies OptionChecks<TextOptions>;

/** From the top of the em to the baseline, and the height of a line, in ems. */
const ascent = 0.95;
const lineHeight = 1.25;

/** Writes each object's label into its box, as large as it fits, at the angle of the box; on white. */
export function createText(options: TextOptions = {}): Annotator {
  const { background = 1 } = readOptions('text', options, checks);
  return (canvas, { objects }) => {
    for (const item of objects) {
      const frame = frameOf(item);
      if (frame === undefined || item.label === '') continue;
      if (background > 0) canvas.polygon([cornersOf(item)], [255, 255, 255], background);
      write(canvas, frame, item.label);
    }
  };
}

/** Where a line is written: its upper left end, and the vectors along it and down from it, in pixels. */
interface Frame {
  readonly origin: Point;
  readonly along: Point;
  readonly down: Point;
  readonly width: number;
  readonly height: number;
}

/** Lines that are higher than wide read from top to bottom, with the tops of the letters to the right. */
function frameOf(item: SceneObject): Frame | undefined {
  const corners = cornersOf(item);
  const [x1, y1, x2, y2] = item.box;
  const quad: Point[] =
    corners.length === 4
      ? corners
      : [
          [x1, y1],
          [x2, y1],
          [x2, y2],
          [x1, y2],
        ];
  const [a, b, c, d] = quad as [Point, Point, Point, Point];
  const [width, height] = [distance(a, b), distance(a, d)];
  if (!(width >= 1 && height >= 1)) return undefined;
  const across = unit(a, b, width);
  const downwards = unit(a, d, height);
  if (height < turnedFrom * width) return { origin: a, along: across, down: downwards, width, height };
  const back: Point = [-across[0], -across[1]];
  return { origin: b, along: unit(b, c, distance(b, c)), down: back, width: height, height: width };
}

function write(canvas: Canvas, { origin, along, down, width, height }: Frame, label: string): void {
  const { contours, advance, missing } = textContours(label);
  canvas.noteMissing(missing);
  if (advance === 0) return;
  const size = Math.min(height / lineHeight, width / advance);
  const [left, baseline] = [0.5 * (width - advance * size), 0.5 * (height - lineHeight * size) + ascent * size];
  const place = (x: number, y: number): Point => {
    const [right, below] = [left + x * size, baseline + y * size];
    return [origin[0] + along[0] * right + down[0] * below, origin[1] + along[1] * right + down[1] * below];
  };
  // One path for each letter: letters that touch don't cut holes into each other.
  for (const letter of contours) {
    canvas.polygon(
      letter.map((contour) =>
        Array.from({ length: contour.length / 2 }, (_, i) => place(contour[2 * i]!, contour[2 * i + 1]!)),
      ),
      [0, 0, 0],
    );
  }
}

function distance([ax, ay]: Point, [bx, by]: Point): number {
  return Math.hypot(bx - ax, by - ay);
}

function unit([ax, ay]: Point, [bx, by]: Point, length: number): Point {
  return [(bx - ax) / length, (by - ay) / length];
}
