import { promisify } from 'node:util';
import { constants, crc32, deflate } from 'node:zlib';
import { loadBinding } from '../native/binding';

const signature = Uint8Array.of(137, 80, 78, 71, 13, 10, 26, 10);
const deflateAsync = promisify(deflate);

/** Class numbers for pixels, and the colours that they stand for: 256 times red, green, blue. */
export interface IndexedPixels {
  readonly indices: Uint8Array;
  readonly palette: Uint8Array;
}

interface PngImage {
  readonly width: number;
  readonly height: number;
  /** RGB, 8 bits each, rows from the top. */
  readonly data: Uint8Array;
}

/**
 * A PNG made for speed: each pixel less its left neighbour, compressed at the lowest level. sharp has no such filter, and
 * takes longer for files twice the size.
 */
export async function encodePng({ width, height, data }: PngImage): Promise<Buffer> {
  const rows = await loadBinding().filterRows(data, width * 3, height, 3);
  return await assemble(header(width, height, 2), [], await deflateAsync(rows, { level: constants.Z_BEST_SPEED }));
}

/** A PNG whose pixels are numbers into a palette. */
export async function encodeIndexedPng(
  { width, height }: { readonly width: number; readonly height: number },
  { indices, palette }: IndexedPixels,
): Promise<Buffer> {
  const rows = new Uint8Array((width + 1) * height);
  for (let y = 0; y < height; y++) rows.set(indices.subarray(y * width, (y + 1) * width), y * (width + 1) + 1);
  return await assemble(header(width, height, 3), [chunk('PLTE', palette)], await deflateAsync(rows));
}

async function assemble(ihdr: Buffer, between: readonly Buffer[], data: Buffer): Promise<Buffer> {
  return Buffer.concat([signature, ihdr, ...between, chunk('IDAT', data), chunk('IEND', new Uint8Array(0))]);
}

function header(width: number, height: number, colorType: number): Buffer {
  const body = Buffer.alloc(13);
  body.writeUInt32BE(width, 0);
  body.writeUInt32BE(height, 4);
  body[8] = 8;
  body[9] = colorType;
  return chunk('IHDR', body);
}

/** Length, type, body, checksum of type and body. */
function chunk(type: string, body: Uint8Array): Buffer {
  const whole = Buffer.allocUnsafe(body.length + 12);
  whole.writeUInt32BE(body.length, 0);
  whole.write(type, 4, 'latin1');
  whole.set(body, 8);
  whole.writeUInt32BE(crc32(whole.subarray(4, body.length + 8)), body.length + 8);
  return whole;
}
