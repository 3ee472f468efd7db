import { setImmediate } from 'node:timers/promises';
import type { RgbImage } from './raw-pixels';

/** A larger size comes from a damaged header. */
const maximumPixels = 2 ** 28;
const largestMaximum = 65_535;
/** Number of samples decoded before the event loop gets a turn: a few milliseconds. */
const samplesAtOnce = 2 ** 18;

export function isPnm(bytes: Uint8Array): boolean {
  const [p, kind, space] = bytes;
  return p === 0x50 && kind !== undefined && kind >= 0x31 && kind <= 0x36 && isSpace(space);
}

/** The read position in a file. */
interface Cursor {
  readonly bytes: Uint8Array;
  at: number;
}

interface Header {
  readonly width: number;
  readonly height: number;
  /** Maximum value of a sample; 1 for bitmaps. */
  readonly maximum: number;
  /** 3 for colours, else 1. */
  readonly channels: 1 | 3;
  readonly binary: boolean;
  readonly bitmap: boolean;
}

/**
 * Decodes a PBM, PGM or PPM file, text or binary, like OpenCV: 16-bit samples are reduced to their high byte regardless
 * of the maximum, and 8-bit samples are scaled to 0–255 in text files only.
 *
 * @throws Error that describes the problem with the file
 */
export async function decodePnm(bytes: Uint8Array): Promise<RgbImage> {
  const cursor = { bytes, at: 2 };
  const header = readHeader(bytes[1] as number, cursor);
  const { width, height, channels, binary, maximum } = header;
  const samples = width * height * channels;
  if (bytes.length - cursor.at < leastBytes(header)) throw new Error('the file ends in the middle of its pixels');
  if (binary && channels === 3 && maximum < 256) {
    return { width, height, data: bytes.subarray(cursor.at, cursor.at + samples) };
  }
  const data = new Uint8Array(width * height * 3);
  const next = sampleReader(header, cursor);
  for (let i = 0, to = 0; i < samples; i++) {
    const value = next();
    data[to++] = value;
    if (channels === 1) {
      data[to++] = value;
      data[to++] = value;
    }
    if (i % samplesAtOnce === samplesAtOnce - 1) await setImmediate();
  }
  return { width, height, data };
}

function readHeader(kind: number, cursor: Cursor): Header {
  const number = kind - 0x30;
  const bitmap = number === 1 || number === 4;
  const [width, height] = [readNumber(cursor), readNumber(cursor)];
  const maximum = bitmap ? 1 : readNumber(cursor);
  if (width < 1 || height < 1 || width * height > maximumPixels) throw new Error(`its size is ${width}×${height}`);
  if (maximum < 1 || maximum > largestMaximum) throw new Error(`its largest sample is ${maximum}`);
  return { width, height, maximum, channels: number % 3 === 0 ? 3 : 1, binary: number > 3, bitmap };
}

/** A shorter file is truncated, or its header is damaged: refuse it before memory is allocated. */
function leastBytes({ width, height, channels, binary, bitmap, maximum }: Header): number {
  const samples = width * height * channels;
  if (bitmap) return binary ? Math.ceil(width / 8) * height : samples;
  // In text, at least one digit and a separator per sample.
  return binary ? samples * (maximum > 255 ? 2 : 1) : samples * 2 - 1;
}

/** Reads the samples of a file in order, converted to 8 bits. */
function sampleReader({ width, binary, bitmap, maximum }: Header, cursor: Cursor): () => number {
  const { bytes } = cursor;
  if (bitmap && binary) return bitReader(width, cursor);
  if (bitmap) return () => (readNumber(cursor, 1) === 0 ? 255 : 0);
  if (!binary && maximum > 255) return () => Math.min(readNumber(cursor), maximum) >> 8;
  if (!binary) return () => Math.floor((Math.min(readNumber(cursor), maximum) * 255) / maximum);
  const size = maximum > 255 ? 2 : 1;
  let at = cursor.at - size;
  return () => {
    at += size;
    return bytes[at] as number;
  };
}

/** Bits with the highest first; each row starts at a new byte; 1 is black. */
function bitReader(width: number, { bytes, at }: Cursor): () => number {
  const stride = Math.ceil(width / 8);
  let [row, x] = [at, 0];
  return () => {
    const bit = ((bytes[row + (x >> 3)] as number) >> (7 - (x & 7))) & 1;
    if (++x === width) [row, x] = [row + stride, 0];
    return bit === 1 ? 0 : 255;
  };
}

/** Reads the next number, skipping white space and comments, and the character after its last digit. */
function readNumber(cursor: Cursor, mostDigits = Number.POSITIVE_INFINITY): number {
  const { bytes } = cursor;
  let byte = bytes[cursor.at++];
  while (!isDigit(byte)) {
    if (byte === undefined) throw new Error('the file ends in the middle of its numbers');
    if (byte === 0x23) while (byte !== undefined && byte !== 0x0a && byte !== 0x0d) byte = bytes[cursor.at++];
    else if (!isSpace(byte)) throw new Error(`expected a number but found byte ${byte}`);
    byte = bytes[cursor.at++];
  }
  let value = 0;
  for (let digits = 1; isDigit(byte); digits++) {
    value = Math.min(value * 10 + (byte - 0x30), Number.MAX_SAFE_INTEGER);
    if (digits === mostDigits) return value;
    byte = bytes[cursor.at++];
  }
  return value;
}

function isDigit(byte: number | undefined): byte is number {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39;
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || (byte !== undefined && byte >= 0x09 && byte <= 0x0d);
}
