import type { RgbImage } from '../image/image';
import { clamp, type Rectangle } from './geometry';

/** A part of an image at another size, bilinear, as opaque red, green, blue and alpha. */
export function enlarge(image: RgbImage, part: Rectangle, width: number, height: number): RgbImage {
  const data = new Uint8Array(width * height * 4);
  const columns = Array.from({ length: width }, (_, x) => between(x, width, part.left, part.width));
  for (let y = 0, at = 0; y < height; y++) {
    const row = between(y, height, part.top, part.height);
    for (let x = 0; x < width; x++, at += 4) {
      const column = columns[x] as Between;
      for (let channel = 0; channel < 3; channel++) {
        const value = (px: number, py: number): number => image.data[(py * image.width + px) * 3 + channel] ?? 0;
        const above = mixed(value(column.low, row.low), value(column.high, row.low), column.share);
        const below = mixed(value(column.low, row.high), value(column.high, row.high), column.share);
        data[at + channel] = Math.round(mixed(above, below, row.share));
      }
      data[at + 3] = 255;
    }
  }
  return { width, height, data };
}

/** Two neighbouring pixels and the position between them. */
interface Between {
  readonly low: number;
  readonly high: number;
  readonly share: number;
}

function between(index: number, count: number, start: number, length: number): Between {
  const position = clamp(((index + 0.5) * length) / count - 0.5, 0, length - 1);
  const low = Math.floor(position);
  return { low: start + low, high: start + Math.min(low + 1, length - 1), share: position - low };
}

function mixed(from: number, to: number, share: number): number {
  return from + (to - from) * share;
}
