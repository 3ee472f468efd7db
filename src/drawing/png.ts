import { promisify } from 'node:util';
import { constants, crc32, deflate, deflateRaw, inflateSync } from 'node:zlib';
import { loadBinding } from '../native/binding';

const signature = Uint8Array.of(137, 80, 78, 71, 13, 10, 26, 10);
const deflateAsync = promisify(deflate);
const deflateRawAsync = promisify(deflateRaw);

/** Images with more bytes are compressed in strips, on several cores. */
const stripBytes = 1 << 20;
const mostStrips = 4;

/** Class numbers of pixels, and their colours: 256 times red, green, blue. */
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
 * A fast PNG encoder: each pixel minus its left neighbour, compressed at the lowest level. sharp does not support this
 * filter, and takes longer for files twice the size.
 */
export async function encodePng({ width, height, data }: PngImage): Promise<Buffer> {
  const rows = await loadBinding().filterRows(data, width * 3, height, 3);
  return await assemble(header(width, height, 2), [], await compress(rows));
}

/** One zlib stream (RFC 1950) of strips that are compressed at the same time; every strip but the last ends with a flush. */
async function compress(bytes: Uint8Array): Promise<Buffer> {
  const level = constants.Z_BEST_SPEED;
  const count = Math.min(mostStrips, Math.floor(bytes.length / stripBytes));
  if (count < 2) return await deflateAsync(bytes, { level });
  const side = Math.ceil(bytes.length / count);
  const strips = Array.from({ length: count }, async (_, index) => {
    const finishFlush = index === count - 1 ? constants.Z_FINISH : constants.Z_SYNC_FLUSH;
    return await deflateRawAsync(bytes.subarray(index * side, (index + 1) * side), { level, finishFlush });
  });
  const end = Buffer.alloc(4);
  // Computed while the strips are compressed in other threads.
  end.writeUInt32BE(adler32(bytes));
  return Buffer.concat([Uint8Array.of(0x78, 0x01), ...(await Promise.all(strips)), end]);
}

/** The checksum of a zlib stream. */
function adler32(bytes: Uint8Array): number {
  let [low, high] = [1, 0];
  // So many bytes fit before the sums exceed 32 bits.
  for (let start = 0; start < bytes.length; start += 5552) {
    const end = Math.min(start + 5552, bytes.length);
    for (let index = start; index < end; index++) {
      low += bytes[index] as number;
      high += low;
    }
    low %= 65521;
    high %= 65521;
  }
  return high * 65536 + low;
}

/** A PNG whose pixels are palette indexes. */
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

/** The palette indexes of a PNG's pixels, which image libraries only return as colours; undefined for other files. */
export function readPalettePng(png: Buffer): { width: number; height: number; data: Uint8Array } | undefined {
  if (png.length < 33 || !png.subarray(0, 8).equals(signature)) return undefined;
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
  const [bits = 0, colorType, , , interlaced] = png.subarray(24, 29);
  if (colorType !== 3 || interlaced !== 0) return undefined;
  const parts: Buffer[] = [];
  for (let at = 8; at + 8 <= png.length; at += png.readUInt32BE(at) + 12) {
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT')
      parts.push(png.subarray(at + 8, at + 8 + png.readUInt32BE(at)));
  }
  const rowBytes = Math.ceil((width * bits) / 8);
  const rows = unfilter(inflateSync(Buffer.concat(parts)), rowBytes, height);
  if (bits === 8) return { width, height, data: rows };
  const data = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const bit = x * bits;
      const value = rows[y * rowBytes + (bit >> 3)] ?? 0;
      data[y * width + x] = (value >> (8 - bits - (bit & 7))) & ((1 << bits) - 1);
    }
  }
  return { width, height, data };
}

/** Reverts PNG's five filters; for samples of up to one byte. */
function unfilter(filtered: Uint8Array, rowBytes: number, height: number): Uint8Array {
  const rows = new Uint8Array(rowBytes * height);
  for (let y = 0; y < height; y++) {
    const from = y * (rowBytes + 1);
    const filter = filtered[from] ?? 0;
    rows.set(filtered.subarray(from + 1, from + 1 + rowBytes), y * rowBytes);
    if (filter === 0) continue;
    for (let x = 0; x < rowBytes; x++) {
      const left = x > 0 ? (rows[y * rowBytes + x - 1] ?? 0) : 0;
      const above = y > 0 ? (rows[(y - 1) * rowBytes + x] ?? 0) : 0;
      const corner = x > 0 && y > 0 ? (rows[(y - 1) * rowBytes + x - 1] ?? 0) : 0;
      rows[y * rowBytes + x] = (rows[y * rowBytes + x] ?? 0) + predicted(filter, left, above, corner);
    }
  }
  return rows;
}

function predicted(filter: number, left: number, above: number, corner: number): number {
  if (filter === 1) return left;
  if (filter === 2) return above;
  if (filter === 3) return (left + above) >> 1;
  return filter === 4 ? paeth(left, above, corner) : 0;
}

/** The one of the three that is nearest to left + above − corner. */
function paeth(left: number, above: number, corner: number): number {
  const a = Math.abs(above - corner);
  const b = Math.abs(left - corner);
  const c = Math.abs(left + above - 2 * corner);
  if (a <= b && a <= c) return left;
  return b <= c ? above : corner;
}
