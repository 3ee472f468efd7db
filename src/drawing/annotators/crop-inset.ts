import type { RgbImage } from '../../image/image';
import { integer, number, type OptionChecks, readOptions } from '../../options';
import type { Canvas } from '../canvas';
import { enlarge } from '../enlarge';
import { clamp, outlineOf, type Rectangle } from '../geometry';
import { placeLabel } from '../label-placement';
import type { Annotator } from './annotator';

/** Number and size of the enlarged crops. */
export interface CropInsetOptions {
  /** How many objects are enlarged, those with the best scores; an integer ≥ 1, default 4. */
  readonly count?: number;
  /** How many times an object is enlarged, 1 to 20; default 2, less if it would not fit. */
  readonly zoom?: number;
}

const checks = {
  count: integer(1),
  zoom: number(1, 20),
} satisfies OptionChecks<CropInsetOptions>;

/** Shows the objects with the best scores enlarged, beside their boxes, as they are in the image. */
export function createCropInset(options: CropInsetOptions = {}): Annotator {
  const { count = 4, zoom = 2 } = readOptions('cropInset', options, checks);
  return (canvas, { image, objects, style }) => {
    const taken: Rectangle[] = objects.flatMap(({ box }) => outlineOf(box, 0, canvas) ?? []);
    for (const item of objects.slice(0, count)) {
      const outline = outlineOf(item.box, 0, canvas);
      if (outline === undefined) continue;
      const size = insetSize(outline, zoom, canvas);
      const place = placeLabel(outline, size, canvas, taken);
      taken.push(place);
      drawInset(canvas, image, outline, place);
      canvas.strokeRect(outline, Math.max(1, Math.round(style.line / 2)), style.colorOf(item));
      canvas.strokeRect(place, style.line, style.colorOf(item));
    }
  };
}

/** At most 45 % of the image's sides. */
function insetSize({ width, height }: Rectangle, zoom: number, canvas: Canvas): { width: number; height: number } {
  const times = Math.min(zoom, (0.45 * canvas.width) / width, (0.45 * canvas.height) / height);
  return {
    width: clamp(Math.round(width * times), 1, canvas.width),
    height: clamp(Math.round(height * times), 1, canvas.height),
  };
}

function drawInset(canvas: Canvas, image: RgbImage, from: Rectangle, { left, top, width, height }: Rectangle): void {
  canvas.layer(enlarge(image, from, width, height), left, top);
}
