import { PaddleLabError } from '../../errors';
import { type Bitmap, decodeRle } from '../../image/rle';
import type { RleMask } from '../../results';
import type { Canvas } from '../canvas';
import { darken, type Rgb } from '../palette';
import type { Scene } from './annotator';

/** Tints each instance's pixels with the colour of its class and outlines them in a darker tone; best score on top. */
export function drawMasks(canvas: Canvas, { result, style }: Scene): void {
  if (result.kind !== 'instance-segmentation') return;
  const thickness = style.line > 2 ? 2 : 1;
  for (const { mask, classId } of result.detections.toReversed()) {
    checkSize(mask, canvas);
    const bitmap = decodeRle(mask);
    const color = style.color(classId);
    const fill = blend(color, style.opacity);
    const edge = blend(darken(color, 0.4), Math.min(1, style.opacity * 2));
    paint(canvas, bitmap, thickness, fill, edge);
  }
}

function checkSize({ size: [height, width] }: RleMask, canvas: Canvas): void {
  if (width === canvas.width && height === canvas.height) return;
  const expected = `masks of ${canvas.width}×${canvas.height} pixels, the size of the image,`;
  throw new PaddleLabError('INVALID_ARGUMENT', `Expected ${expected} for result but received ${width}×${height}`);
}

/** For each channel, the new value of every old one. */
type Blend = readonly [red: Uint8Array, green: Uint8Array, blue: Uint8Array];

function blend(color: Rgb, opacity: number): Blend {
  const table = (value: number): Uint8Array =>
    Uint8Array.from({ length: 256 }, (_, old) => Math.round(old + (value - old) * opacity));
  return [table(color[0]), table(color[1]), table(color[2])];
}

function paint(canvas: Canvas, mask: Bitmap, thickness: number, fill: Blend, edge: Blend): void {
  const { pixels } = canvas;
  const { data } = mask;
  for (let index = data.indexOf(1); index !== -1; index = data.indexOf(1, index)) {
    for (; data[index] === 1; index++) {
      const [red, green, blue] = isEdge(mask, index, thickness) ? edge : fill;
      const offset = index * 3;
      pixels[offset] = red[pixels[offset]!]!;
      pixels[offset + 1] = green[pixels[offset + 1]!]!;
      pixels[offset + 2] = blue[pixels[offset + 2]!]!;
    }
  }
}

/** Whether the mask ends within `reach` pixels; the image's border is no end, the object goes on beyond it. */
function isEdge({ width, data }: Bitmap, index: number, reach: number): boolean {
  const x = index % width;
  if (x >= reach && data[index - reach] === 0) return true;
  if (x < width - reach && data[index + reach] === 0) return true;
  const step = reach * width;
  return data[index - step] === 0 || data[index + step] === 0;
}
