import { setImmediate } from 'node:timers/promises';
import type { RgbImage } from './raw-pixels';
import { eachRow } from './rows';

/** A larger size comes from a damaged header. */
const maximumPixels = 2 ** 28;

/** Number of runs (of up to 255 pixels) decoded before the event loop gets a turn: a few milliseconds. */
const runsAtOnce = 2 ** 10;

const compressions = { none: 0, runs8: 1, runs4: 2, masks: 3, masksWithAlpha: 6 } as const;

export function isBmp(bytes: Uint8Array): boolean {
  return (
    bytes.length >= 26 && bytes[0] === 0x42 && bytes[1] === 0x4d && [12, 40, 52, 56, 64, 108, 124].includes(bytes[14]!)
  );
}

interface Header {
  readonly width: number;
  readonly height: number;
  /** Whether rows are stored bottom-up. */
  readonly upwards: boolean;
  readonly bits: number;
  readonly compression: number;
  /** Offset of the pixels. */
  readonly start: number;
  readonly palette: readonly (readonly [number, number, number])[];
  /** Bit masks of red, green and blue in a pixel of 16 or 32 bits. */
  readonly masks: readonly [number, number, number];
}

/**
 * Decodes a BMP file like OpenCV; sharp does not support BMP: palettes of 1, 4 and 8 bits (run lengths too), 16, 24 and
 * 32 bits; alpha is dropped.
 *
 * @throws Error that describes the problem with the file
 */
export async function decodeBmp(file: Uint8Array): Promise<RgbImage> {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  const header = readHeader(bytes);
  const { width, height, compression, bits } = header;
  const indexed = compression === compressions.runs8 || compression === compressions.runs4;
  if (indexed) return colour(header, await readRuns(bytes, header));
  if (bits <= 8) return colour(header, await readIndices(bytes, header));
  const data = new Uint8Array(width * height * 3);
  const stride = Math.ceil((width * bits) / 32) * 4;
  if (header.start + stride * height > bytes.length) throw new Error('the file ends in the middle of its pixels');
  const channels = header.masks.map(channelReader);
  await eachRow(header, (row) => {
    const from = header.start + stride * (header.upwards ? height - 1 - row : row);
    for (let x = 0, to = row * width * 3; x < width; x++, to += 3) {
      const pixel = bytes.readUIntLE(from + (x * bits) / 8, bits / 8);
      for (let c = 0; c < 3; c++) data[to + c] = (channels[c] as (pixel: number) => number)(pixel);
    }
  });
  return { width, height, data };
}

function readHeader(bytes: Buffer): Header {
  const size = bytes.readUInt32LE(14);
  const old = size === 12;
  if (14 + size > bytes.length) throw new Error('the file ends in its header');
  const width = old ? bytes.readUInt16LE(18) : bytes.readInt32LE(18);
  const signedHeight = old ? bytes.readUInt16LE(20) : bytes.readInt32LE(22);
  const bits = bytes.readUInt16LE(old ? 24 : 28);
  const compression = old ? 0 : bytes.readUInt32LE(30);
  const height = Math.abs(signedHeight);
  if (width < 1 || height < 1 || width * height > maximumPixels)
    throw new Error(`its size is ${width}×${signedHeight}`);
  checkKind(bits, compression);
  const start = bytes.readUInt32LE(10);
  return {
    ...{ width, height, upwards: signedHeight > 0, bits, compression, start },
    palette: bits <= 8 ? readPalette(bytes, size, start, old ? 3 : 4, 2 ** bits) : [],
    masks: readMasks(bytes, bits, compression),
  };
}

function checkKind(bits: number, compression: number): void {
  const { none, runs8, runs4, masks, masksWithAlpha } = compressions;
  const plain = compression === none && [1, 4, 8, 16, 24, 32].includes(bits);
  const runs = (compression === runs8 && bits === 8) || (compression === runs4 && bits === 4);
  const masked = (compression === masks || compression === masksWithAlpha) && (bits === 16 || bits === 32);
  if (!(plain || runs || masked))
    throw new Error(`${bits} bits a pixel with compression ${compression} are not supported`);
}

function readPalette(
  bytes: Buffer,
  headerSize: number,
  start: number,
  entry: number,
  most: number,
): (readonly [number, number, number])[] {
  const declared = entry === 4 ? bytes.readUInt32LE(46) : 0;
  const from = 14 + headerSize;
  const count = Math.min(
    declared === 0 ? most : declared,
    most,
    Math.floor((Math.min(start, bytes.length) - from) / entry),
  );
  return Array.from({ length: Math.max(0, count) }, (_, i) => {
    const at = from + i * entry;
    return [bytes[at + 2]!, bytes[at + 1]!, bytes[at]!] as const;
  });
}

function readMasks(bytes: Buffer, bits: number, compression: number): [number, number, number] {
  const hasMasks = compression === compressions.masks || compression === compressions.masksWithAlpha;
  if (hasMasks && bytes.length >= 66)
    return [54, 58, 62].map((at) => bytes.readUInt32LE(at)) as [number, number, number];
  return bits === 16 ? [0x7c00, 0x3e0, 0x1f] : [0xff0000, 0xff00, 0xff];
}

/** Values of fewer than 8 bits are shifted to the top of the byte and not scaled, like in OpenCV. */
function channelReader(mask: number): (pixel: number) => number {
  if (mask === 0) return () => 0;
  const shift = 31 - Math.clz32(mask & -mask);
  const length = 32 - Math.clz32(mask >>> shift);
  if (length > 8) return (pixel) => ((pixel & mask) >>> shift) >>> (length - 8);
  return (pixel) => ((pixel & mask) >>> shift) << (8 - length);
}

/** The palette index of each pixel, rows from the top. */
async function readIndices(bytes: Buffer, header: Header): Promise<Uint8Array> {
  const { width, height, bits, start, upwards } = header;
  const stride = Math.ceil((width * bits) / 32) * 4;
  if (start + stride * height > bytes.length) throw new Error('the file ends in the middle of its pixels');
  const indices = new Uint8Array(width * height);
  await eachRow(header, (row) => {
    const from = start + stride * (upwards ? height - 1 - row : row);
    for (let x = 0; x < width; x++) {
      const place = x * bits;
      indices[row * width + x] = (bytes[from + (place >> 3)]! >> (8 - bits - (place & 7))) & (2 ** bits - 1);
    }
  });
  return indices;
}

/**
 * Run-length encoding: a count and a value. A count of 0 is followed by 0 (end of line), 1 (end of picture), 2 (move),
 * or a number of literal pixels.
 */
async function readRuns(bytes: Buffer, { width, height, bits, start, upwards }: Header): Promise<Uint8Array> {
  const indices = new Uint8Array(width * height);
  let [x, line, at] = [0, 0, start];
  const put = (value: number): void => {
    if (x < width && line < height) indices[(upwards ? height - 1 - line : line) * width + x] = value;
    x++;
  };
  const nibble = (byte: number, i: number): number => (bits === 8 ? byte : i % 2 === 0 ? byte >> 4 : byte & 15);
  for (let runs = 1; line < height; runs++) {
    if (runs % runsAtOnce === 0) await setImmediate();
    if (at + 1 >= bytes.length) throw new Error('the file ends in the middle of its pixels');
    const [count, value] = [bytes[at]!, bytes[at + 1]!];
    at += 2;
    if (count > 0) {
      for (let i = 0; i < count; i++) put(nibble(value, i));
    } else if (value === 0) {
      [x, line] = [0, line + 1];
    } else if (value === 1) {
      break;
    } else if (value === 2) {
      x += bytes[at] ?? 0;
      line += bytes[at + 1] ?? 0;
      at += 2;
    } else {
      for (let i = 0; i < value; i++) put(nibble(bytes[at + Math.floor((i * bits) / 8)] ?? 0, i));
      at += Math.ceil((value * bits) / 16) * 2;
    }
  }
  return indices;
}

async function colour(header: Header, indices: Uint8Array): Promise<RgbImage> {
  const { width, height, palette } = header;
  const data = new Uint8Array(width * height * 3);
  await eachRow(header, (row) => {
    for (let i = row * width, to = i * 3; i < (row + 1) * width; i++, to += 3) {
      const [red, green, blue] = palette[indices[i] as number] ?? black;
      data[to] = red;
      data[to + 1] = green;
      data[to + 2] = blue;
    }
  });
  return { width, height, data };
}

const black = [0, 0, 0] as const;
