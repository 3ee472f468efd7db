import { deflateSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { readPalettePng } from '../../src/drawing/png';

const crcless = (type: string, body: Buffer): Buffer => {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(body.length, 0);
  head.write(type, 4, 'latin1');
  return Buffer.concat([head, body, Buffer.alloc(4)]);
};

/** A palette PNG of 4 × 1 rows, whose rows have the given filters and filtered bytes. */
function pngOf(rows: readonly (readonly number[])[]): Buffer {
  const header = Buffer.from([0, 0, 0, 4, 0, 0, 0, rows.length, 8, 3, 0, 0, 0]);
  const data = deflateSync(Buffer.from(rows.flat()));
  const signature = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);
  return Buffer.concat([signature, crcless('IHDR', header), crcless('IDAT', data), crcless('IEND', Buffer.alloc(0))]);
}

test('each of PNG’s filters is reverted', () => {
  const png = pngOf([
    [0, 10, 20, 30, 40],
    [1, 5, 1, 1, 1],
    [2, 1, 2, 3, 255],
    [3, 3, 1, 1, 1],
    [4, 1, 1, 1, 1],
  ]);
  expect([...(readPalettePng(png)?.data ?? [])]).toEqual([
    ...[10, 20, 30, 40],
    // plus the pixel to the left
    ...[5, 6, 7, 8],
    // plus the one above, modulo 256
    ...[6, 8, 10, 7],
    // plus half the sum of the two: 3 + 3, 6 + 8 >> 1, …
    ...[6, 8, 10, 9],
    // plus the nearest to left + above − corner
    ...[7, 9, 11, 11],
  ]);
});
