import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decodeImage, resolveImages } from '../../src';
import { randomNumbers } from '../helpers/kernel-properties';
import { ensureOpenCv } from '../helpers/opencv';
import { differenceFromOpenCv, readByOpenCv } from '../helpers/opencv-images';

interface BmpSpec {
  readonly width?: number;
  readonly height?: number;
  readonly bits: number;
  readonly compression?: number;
  readonly topDown?: boolean;
  readonly masks?: readonly number[];
  /** The pixel bytes of the file; random by default. */
  readonly pixels?: Buffer;
  readonly colours?: number;
}

const random = randomNumbers(11);
const noise = (bytes: number): Buffer => Buffer.from(Array.from({ length: bytes }, () => Math.floor(random() * 256)));

/** A BMP file with the header of Windows 3. */
function bmp({ width = 13, height = 7, bits, compression = 0, topDown = false, masks = [], ...rest }: BmpSpec): Buffer {
  const colours = bits <= 8 ? (rest.colours ?? 2 ** bits) : 0;
  const palette = noise(colours * 4);
  const pixels = rest.pixels ?? noise(Math.ceil((width * bits) / 32) * 4 * height);
  const start = 54 + masks.length * 4 + palette.length;
  const header = Buffer.alloc(54 + masks.length * 4);
  header.write('BM');
  header.writeUInt32LE(start + pixels.length, 2);
  header.writeUInt32LE(start, 10);
  header.writeUInt32LE(40, 14);
  header.writeInt32LE(width, 18);
  header.writeInt32LE(topDown ? -height : height, 22);
  header.writeUInt16LE(1, 26);
  header.writeUInt16LE(bits, 28);
  header.writeUInt32LE(compression, 30);
  header.writeUInt32LE(pixels.length, 34);
  header.writeUInt32LE(rest.colours ?? 0, 46);
  masks.forEach((mask, i) => {
    header.writeUInt32LE(mask, 54 + i * 4);
  });
  return Buffer.concat([header, palette, pixels]);
}

/** Runs, literals of odd length, a move, line ends, an end before the last line. */
const runs8 = Buffer.from([
  5, 3, 0, 3, 1, 2, 9, 0, 2, 7, 0, 0, 13, 1, 0, 0, 2, 4, 0, 2, 3, 1, 4, 6, 0, 0, 0, 4, 8, 8, 7, 7, 0, 1,
]);
const runs4 = Buffer.from([
  ...[5, 0x3a, 0, 5, 0x12, 0x34, 0x50, 0, 2, 0x77, 0, 0, 13, 0x1c, 0, 0],
  // OpenCV only moves to the right, and reads on after an end, so neither is tested here.
  ...[0, 2, 2, 0, 4, 0x6b, 0, 0, 13, 0x21, 0, 0, 13, 0x45, 0, 0, 0, 1],
]);

const files: Record<string, () => Buffer> = {
  'one-bit.bmp': () => bmp({ bits: 1 }),
  'four-bits.bmp': () => bmp({ bits: 4 }),
  'eight-bits.bmp': () => bmp({ bits: 8 }),
  'few-colours.bmp': () => bmp({ bits: 8, colours: 5, pixels: Buffer.alloc(16 * 7, 3) }),
  'top-down.bmp': () => bmp({ bits: 8, topDown: true }),
  'sixteen-bits.bmp': () => bmp({ bits: 16 }),
  'masks-565.bmp': () => bmp({ bits: 16, compression: 3, masks: [0xf800, 0x7e0, 0x1f] }),
  'twenty-four-bits.bmp': () => bmp({ bits: 24 }),
  'thirty-two-bits.bmp': () => bmp({ bits: 32 }),
  'thirty-two-top-down.bmp': () => bmp({ bits: 32, topDown: true }),
  'masks-bgrx.bmp': () => bmp({ bits: 32, compression: 3, masks: [0xff0000, 0xff00, 0xff] }),
  'runs-of-8.bmp': () => bmp({ bits: 8, compression: 1, pixels: runs8, height: 5 }),
  'runs-of-4.bmp': () => bmp({ bits: 4, compression: 2, pixels: runs4, height: 5 }),
};

const python = ensureOpenCv();

describe.skipIf(python === undefined)('BMP files are read as OpenCV reads them', () => {
  let folder: string;
  const at = (name: string): string => path.join(folder, name);
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'paddlelab-bmp-'));
    for (const [name, make] of Object.entries(files)) await writeFile(at(name), make());
    await readByOpenCv(python as string, Object.keys(files).map(at));
  });
  afterAll(() => rm(folder, { recursive: true }));

  test.each(Object.keys(files))('%s', async (name) => {
    expect(await differenceFromOpenCv(at(name))).toBe(0);
  });

  test('also as bytes, as a data URL and in a folder', async () => {
    const bytes = await readFile(at('eight-bits.bmp'));
    const expected = await decodeImage(at('eight-bits.bmp'));
    expect(await decodeImage(bytes)).toEqual(expected);
    expect(await decodeImage(`data:image/bmp;base64,${bytes.toString('base64')}`)).toEqual(expected);
    expect(await resolveImages(folder)).toHaveLength(Object.keys(files).length);
  });
});

// OpenCV 4.6, used above, reads every 32-bit file as blue, green and red.
test('masks define the positions of the colours in 32 bits', async () => {
  const pixels = Buffer.from([1, 2, 3, 4, 5, 6, 7, 8]);
  const file = bmp({ width: 2, height: 1, bits: 32, compression: 3, masks: [0xff, 0xff00, 0xff000000], pixels });
  expect([...(await decodeImage(file)).data]).toEqual([1, 2, 4, 5, 6, 8]);
});

test('decoding a large file does not block the event loop', async () => {
  const [width, height] = [4000, 500];
  for (const bits of [8, 24]) {
    let turns = 0;
    let next: NodeJS.Immediate;
    const count = (): void => {
      turns++;
      next = setImmediate(count);
    };
    const file = bmp({ bits, width, height, pixels: Buffer.alloc((width * height * bits) / 8) });
    next = setImmediate(count);
    await decodeImage(file);
    clearImmediate(next);
    expect(turns).toBeGreaterThan(5);
  }
});

test.each([
  ['cut off', bmp({ bits: 24 }).subarray(0, 100), /ends in the middle/],
  ['too large', bmp({ bits: 24, width: 2 ** 20, height: 2 ** 20, pixels: Buffer.alloc(0) }), /its size is 1048576×/],
  ['of an unknown kind', bmp({ bits: 24, compression: 4 }), /24 bits a pixel with compression 4/],
])('a BMP file that is %s is refused', async (_, bytes, message) => {
  const failure = decodeImage(bytes);
  await expect(failure).rejects.toMatchObject({ code: 'IMAGE_UNREADABLE' });
  await expect(failure).rejects.toThrow(message);
});
