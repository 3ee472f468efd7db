import { loadSharp } from '../../image/load-sharp';
import { type Numbers, statisticsOf } from './array-statistics';

/** Longer side of the picture, in pixels. */
const SIDE = 192;
/** From low to high: dark blue, green, yellow; also distinguishable by lightness alone. */
const COLORS: readonly (readonly [number, number, number])[] = [
  [40, 10, 90],
  [30, 110, 140],
  [70, 180, 110],
  [250, 230, 60],
];
const NOT_FINITE: readonly [number, number, number] = [200, 40, 40];

export interface Plane {
  width: number;
  height: number;
  /** Offset of the plane in the data. */
  offset: number;
}

/** The first plane of a tensor, spanned by its last two dimensions; undefined if it is not worth a picture. */
export function firstPlane(shape: readonly number[]): Plane | undefined {
  const [height = 0, width = 0] = shape.slice(-2);
  if (shape.length < 2 || width < 2 || height < 2 || shape.includes(0)) return undefined;
  return { width, height, offset: 0 };
}

/** A plane as a small PNG; colours scale from the minimum to the maximum. */
export async function heatMap(data: Numbers, { width, height, offset }: Plane): Promise<Buffer> {
  // Large planes are subsampled to at most twice the picture's size.
  const step = Math.max(1, Math.floor(Math.max(width, height) / (2 * SIDE)));
  const columns = Math.floor((width - 1) / step) + 1;
  const rows = Math.floor((height - 1) / step) + 1;
  const values = new Float64Array(columns * rows);
  for (let y = 0; y < rows; y += 1) {
    for (let x = 0; x < columns; x += 1) {
      values[y * columns + x] = Number(data[offset + y * step * width + x * step]);
    }
  }
  const { min, max } = statisticsOf(values);
  const pixels = new Uint8Array(values.length * 3);
  values.forEach((value, i) => {
    pixels.set(colorOf((value - min) / (max - min || 1)), i * 3);
  });
  const scale = SIDE / Math.max(columns, rows);
  const size = { width: Math.max(1, Math.round(columns * scale)), height: Math.max(1, Math.round(rows * scale)) };
  return loadSharp()(pixels, { raw: { width: columns, height: rows, channels: 3 } })
    .resize({ ...size, kernel: 'nearest', fit: 'fill' })
    .png()
    .toBuffer();
}

function colorOf(share: number): readonly number[] {
  if (!Number.isFinite(share)) return NOT_FINITE;
  const place = share * (COLORS.length - 1);
  const index = Math.min(COLORS.length - 2, Math.floor(place));
  const [low = NOT_FINITE, high = NOT_FINITE] = COLORS.slice(index, index + 2);
  return low.map((channel, i) => Math.round(channel + ((high[i] ?? 0) - channel) * (place - index)));
}
