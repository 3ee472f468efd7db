import type { Crop } from '../image/raw-pixels';
import type { Box } from '../results';

/** The share by which a box is enlarged. */
const expandRatio = 0.3;

/**
 * The part of the image around a person, by `expand_crop` of PaddleDetection's deploy scripts: enlarged by 0.3, a narrow
 * one to three quarters of its height, cut at the image; undefined if nothing is left.
 */
export function personCrop(box: Box, image: { readonly width: number; readonly height: number }): Crop | undefined {
  const [x1, y1, x2, y2] = box.map(Math.trunc) as [number, number, number, number];
  const halfHeight = ((y2 - y1) * (1 + expandRatio)) / 2;
  const own = ((x2 - x1) * (1 + expandRatio)) / 2;
  const halfWidth = halfHeight > (own * 4) / 3 ? halfHeight * 0.75 : own;
  const [centreX, centreY] = [(x1 + x2) / 2, (y1 + y2) / 2];
  const [left, top] = [Math.max(0, Math.trunc(centreX - halfWidth)), Math.max(0, Math.trunc(centreY - halfHeight))];
  const width = Math.min(image.width - 1, Math.trunc(centreX + halfWidth)) - left;
  const height = Math.min(image.height - 1, Math.trunc(centreY + halfHeight)) - top;
  return width > 0 && height > 0 ? { left, top, width, height } : undefined;
}
