import { PaddleLabError } from '../errors';
import type { Box, RleMask } from '../results';

/** A part of an image, in pixels, origin top left. */
export interface Rectangle {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/** The upright box around points. */
export function boxAround(points: readonly (readonly [x: number, y: number])[]): Box {
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}

/**
 * The rectangle covered by a box's line, outer edge, on whole pixels (so that the line is crisp) and inside the image
 * (so that lines of objects at the border are visible); undefined if the box is outside the image.
 */
export function outlineOf(box: Box, line: number, image: Size): Rectangle | undefined {
  if (!box.every(Number.isFinite)) return undefined;
  const [x1, y1, x2, y2] = [
    Math.min(box[0], box[2]),
    Math.min(box[1], box[3]),
    Math.max(box[0], box[2]),
    Math.max(box[1], box[3]),
  ];
  if (x2 < 0 || y2 < 0 || x1 > image.width || y1 > image.height) return undefined;
  const grow = Math.floor(line / 2);
  const left = clamp(Math.round(x1) - grow, 0, image.width - 1);
  const top = clamp(Math.round(y1) - grow, 0, image.height - 1);
  const right = clamp(Math.round(x2) + grow, left + 1, image.width);
  const bottom = clamp(Math.round(y2) + grow, top + 1, image.height);
  return { left, top, width: right - left, height: bottom - top };
}

/** Area of the intersection of two rectangles, in pixels. */
export function overlapArea(a: Rectangle, b: Rectangle): number {
  const width = Math.min(a.left + a.width, b.left + b.width) - Math.max(a.left, b.left);
  const height = Math.min(a.top + a.height, b.top + b.height) - Math.max(a.top, b.top);
  return width > 0 && height > 0 ? width * height : 0;
}

/** The value, limited to the range; the minimum if the range is empty. */
export function clamp(value: number, minimum: number, maximum: number): number {
  return Math.max(minimum, Math.min(value, maximum));
}

/** The outline of a rectangle with round corners, clockwise. */
export function roundedRect({ left, top, width, height }: Rectangle, radius: number): [x: number, y: number][] {
  const r = Math.min(radius, width / 2, height / 2);
  const [right, bottom] = [left + width, top + height];
  if (r <= 0) {
    return [
      [left, top],
      [right, top],
      [right, bottom],
      [left, bottom],
    ];
  }
  const corners: [x: number, y: number, quarter: number][] = [
    [left + r, top + r, 2],
    [right - r, top + r, 3],
    [right - r, bottom - r, 0],
    [left + r, bottom - r, 1],
  ];
  const steps = Math.max(2, Math.ceil(r / 2));
  return corners.flatMap(([x, y, quarter]) => arcPoints(x, y, r, quarter * 90, 90, steps));
}

/** A circle as a polygon with enough points to look round. */
export function circlePoints(x: number, y: number, radius: number): [x: number, y: number][] {
  return arcPoints(x, y, radius, 0, 360, Number.isFinite(radius) ? Math.max(12, Math.ceil(radius * 3)) : 12);
}

/** Points along a part of an ellipse, in degrees clockwise from the right. */
export function ellipsePoints(
  [x, y]: readonly [x: number, y: number],
  [across, down]: readonly [across: number, down: number],
  start: number,
  sweep: number,
): [x: number, y: number][] {
  const steps = Math.max(12, Math.ceil(Math.max(across, down)));
  return arcPoints(0, 0, 1, start, sweep, Number.isFinite(steps) ? steps : 12).map(([right, below]) => [
    x + across * right,
    y + down * below,
  ]);
}

/** Points of an arc, in degrees clockwise from the right. */
function arcPoints(
  x: number,
  y: number,
  radius: number,
  start: number,
  sweep: number,
  steps: number,
): [number, number][] {
  return Array.from({ length: steps + 1 }, (_, index) => {
    const angle = ((start + (sweep * index) / steps) * Math.PI) / 180;
    return [x + radius * Math.cos(angle), y + radius * Math.sin(angle)];
  });
}

/** Masks cover the whole image; one of another size would be drawn in the wrong place. */
export function checkMaskSize(
  { size: [height, width] }: RleMask,
  image: { readonly width: number; readonly height: number },
): void {
  if (width === image.width && height === image.height) return;
  const expected = `masks of ${image.width}×${image.height} pixels, the size of the image,`;
  throw new PaddleLabError('INVALID_ARGUMENT', `Expected ${expected} for result but received ${width}×${height}`);
}
