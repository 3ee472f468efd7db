import type { Sharp } from 'sharp';
import type { RgbImage } from './raw-pixels';
import { eachRow } from './rows';

/** The sample format of the first image in a TIFF file. */
export interface TiffSamples {
  /** Samples per pixel, all of the same format. */
  readonly bits: number;
  /** 1 unsigned, 2 signed, 3 floating point. */
  readonly format: number;
  /** 0 and 1 grey, 2 RGB, 3 palette, 5 CMYK, 6 YCbCr, 8 Lab. */
  readonly photometric: number;
  readonly compression: number;
  /** Whether alpha is separate from the colours or premultiplied; undefined if there is none. */
  readonly alpha: 'beside' | 'multiplied' | undefined;
}

const tags = { bits: 258, compression: 259, photometric: 262, extraSamples: 338, sampleFormat: 339 } as const;
const kindsOfAlpha = [undefined, 'multiplied', 'beside'] as const;
const jpegCompressions = [6, 7];
const readBits = [1, 2, 4, 8, 16];
const readColours = [0, 1, 2, 3, 5];

export function isTiff(bytes: Uint8Array): boolean {
  const [first, second] = bytes;
  return (first === 0x49 && second === 0x49) || (first === 0x4d && second === 0x4d);
}

/** Reads the tags of the first image; undefined if the file is damaged. */
export function readTiffSamples(bytes: Uint8Array): TiffSamples | undefined {
  try {
    const found = readTags(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    return {
      bits: found.get(tags.bits) ?? 1,
      format: found.get(tags.sampleFormat) ?? 1,
      photometric: found.get(tags.photometric) ?? 1,
      compression: found.get(tags.compression) ?? 1,
      alpha: kindsOfAlpha[found.get(tags.extraSamples) ?? 0],
    };
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** The first value of each tag of the first directory. */
function readTags(view: DataView): Map<number, number> {
  const little = view.getUint8(0) === 0x49;
  const big = view.getUint16(2, little) === 43;
  const offset = (at: number): number => (big ? Number(view.getBigUint64(at, little)) : view.getUint32(at, little));
  const directory = offset(big ? 8 : 4);
  const entries = big ? Number(view.getBigUint64(directory, little)) : view.getUint16(directory, little);
  const [first, size, inPlace] = big ? [directory + 8, 20, 8] : [directory + 2, 12, 4];
  const found = new Map<number, number>();
  for (let at = first; at < first + entries * size; at += size) {
    // 16-bit numbers: several may not fit into the entry.
    if (view.getUint16(at + 2, little) !== 3) continue;
    const count = offset(at + 4);
    const value = at + (big ? 12 : 8);
    found.set(view.getUint16(at, little), view.getUint16(count * 2 > inPlace ? offset(value) : value, little));
  }
  return found;
}

/**
 * Refuses formats for which sharp returns other pixels than OpenCV.
 *
 * @throws Error with advice
 */
export function refuseForeignSamples({ bits, format, photometric, compression }: TiffSamples): void {
  const advice = 'convert it to 8 or 16 bits of grey or RGB first, or give its pixels as { data, width, height }';
  const kind = format === 3 ? 'floating-point numbers' : format === 2 ? 'signed numbers' : `of ${bits} bits`;
  if (format !== 1 || !readBits.includes(bits)) throw new Error(`its samples are ${kind}; ${advice}`);
  const viaJpeg = photometric === 6 && jpegCompressions.includes(compression);
  if (!readColours.includes(photometric) && !viaJpeg) throw new Error(`its colours are not RGB; ${advice}`);
}

/** Whether libtiff, which OpenCV uses, changes the samples when it converts to 8-bit RGB. */
export function isChangedByLibtiff({ bits, photometric, alpha }: TiffSamples): boolean {
  return photometric === 2 && (bits === 16 || alpha !== undefined);
}

/** Converts the samples to 8-bit RGB with libtiff's rounding, premultiplied by alpha. */
export async function tiffToRgb(image: Sharp, { bits, alpha: kind }: TiffSamples): Promise<RgbImage> {
  const wide = bits === 16;
  const decoded = image.autoOrient().toColourspace(wide ? 'rgb16' : 'srgb');
  const raw = decoded.raw({ depth: wide ? 'ushort' : 'uchar' });
  const { data, info } = await raw.toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  const samples = wide ? new Uint16Array(data.buffer, data.byteOffset, data.length / 2) : data;
  const narrow = (value: number): number => (wide ? Math.floor((value + 128) / 257) : value);
  const hasAlpha = kind !== undefined && channels > 3;
  // sharp has divided premultiplied colours by alpha, and clipped them.
  const multiply =
    kind === 'multiplied'
      ? (value: number, alpha: number) => Math.ceil((value * alpha) / 255)
      : (value: number, alpha: number) => Math.floor((value * alpha + 127) / 255);
  const rgb = new Uint8Array(width * height * 3);
  await eachRow({ width, height }, (row) => {
    for (let pixel = row * width; pixel < (row + 1) * width; pixel++) {
      const from = pixel * channels;
      const alpha = hasAlpha ? narrow(samples[from + 3] as number) : 255;
      for (let c = 0; c < 3; c++) {
        const value = narrow(samples[from + c] as number);
        rgb[pixel * 3 + c] = alpha === 255 ? value : multiply(value, alpha);
      }
    }
  });
  return { width, height, data: rgb };
}
