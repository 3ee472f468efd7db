import { number, type OptionChecks, readOptions } from '../../options';
import type { Canvas, Point } from '../canvas';
import { traceMask } from '../trace';
import type { Annotator } from './annotator';
import { cornersOf } from './rotated-box';

/** How closely a polygon follows its mask. */
export interface PolygonOptions {
  /** Maximum distance, in pixels, of a polygon from the border of its mask; 0 to 100, default 1. */
  readonly tolerance?: number;
}

const checks = {
  tolerance: number(0, 100),
} satisfies OptionChecks<PolygonOptions>;

/** Draws each object as a polygon with marked corners: of its mask, of its rotated box, or of its box. */
export function createPolygon(options: PolygonOptions = {}): Annotator {
  const { tolerance = 1 } = readOptions('polygon', options, checks);
  return (canvas, { objects, style }) => {
    for (const item of objects.toReversed()) {
      const polygons = item.mask === undefined ? [cornersOf(item)] : traceMask(item.mask, tolerance);
      const color = style.colorOf(item);
      canvas.polygon(polygons, color, style.opacity / 2);
      for (const polygon of polygons) drawOutline(canvas, polygon, style.line, color);
    }
  };
}

function drawOutline(
  canvas: Canvas,
  polygon: readonly Point[],
  line: number,
  color: readonly [number, number, number],
): void {
  canvas.line(polygon, line, color, 1, 'closed');
  for (const [x, y] of polygon) {
    const side = 2 * line + 1;
    const corner = { left: Math.round(x - side / 2), top: Math.round(y - side / 2), width: side, height: side };
    canvas.fillRect(corner, [255, 255, 255]);
    canvas.strokeRect(corner, Math.max(1, Math.round(line / 2)), color);
  }
}
