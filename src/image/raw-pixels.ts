import { invalidArgument } from '../validate';

/** Raw pixels: rows from the top; grey, grey with alpha, RGB or RGBA; 8 or 16 bits per sample. */
export interface RawPixels {
  readonly data: Uint8Array | Uint8ClampedArray | Uint16Array;
  readonly width: number;
  readonly height: number;
  /** 1, 2, 3 or 4; derived from the length of `data` if absent. */
  readonly channels?: number;
}

/** 8-bit RGB pixels, rows from the top, `data.length === width * height * 3`. */
export interface RgbImage {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

export function isRawPixels(value: unknown): value is RawPixels {
  return typeof value === 'object' && value !== null && 'data' in value && 'width' in value && 'height' in value;
}

/** Converts raw pixels to OpenCV's form: grey repeated, alpha dropped, 16 bits reduced to their high byte. */
export function rawToRgb(pixels: RawPixels): RgbImage {
  const { data, width, height } = pixels;
  const channels = checkRaw(pixels);
  const shift = data instanceof Uint16Array ? 8 : 0;
  if (data instanceof Uint8Array && channels === 3) return { data, width, height };
  const rgb = new Uint8Array(width * height * 3);
  const colours = channels >= 3 ? 1 : 0;
  for (let i = 0, from = 0; i < rgb.length; i += 3, from += channels) {
    rgb[i] = (data[from] as number) >> shift;
    rgb[i + 1] = (data[from + colours] as number) >> shift;
    rgb[i + 2] = (data[from + 2 * colours] as number) >> shift;
  }
  return { data: rgb, width, height };
}

function checkRaw({ data, width, height, channels }: RawPixels): number {
  if (!(data instanceof Uint8Array || data instanceof Uint8ClampedArray || data instanceof Uint16Array)) {
    throw invalidArgument('image.data', 'Uint8Array, Uint8ClampedArray or Uint16Array', data);
  }
  for (const [name, value] of [
    ['width', width],
    ['height', height],
  ] as const) {
    if (!Number.isInteger(value) || value < 1) throw invalidArgument(`image.${name}`, 'integer ≥ 1', value);
  }
  const found = channels ?? data.length / (width * height);
  if (![1, 2, 3, 4].includes(found)) throw invalidArgument('image.channels', '1, 2, 3 or 4', found);
  if (data.length !== width * height * found) {
    throw invalidArgument('image.data', `${width} × ${height} × ${found} samples`, `${data.length} samples`);
  }
  return found;
}

/** A part of an image in pixels, origin top left. */
export interface Crop {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** A copy of the pixels of a part that is inside the image. */
export function cropPixels({ width, data }: RgbImage, crop: Crop): RgbImage {
  const pixels = new Uint8Array(crop.width * crop.height * 3);
  for (let row = 0; row < crop.height; row++) {
    const from = ((crop.top + row) * width + crop.left) * 3;
    pixels.set(data.subarray(from, from + crop.width * 3), row * crop.width * 3);
  }
  return { width: crop.width, height: crop.height, data: pixels };
}
