import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decodeImage } from '../../src/image/image';
import { randomNumbers } from '../helpers/kernel-properties';
import { ensureOpenCv } from '../helpers/opencv';
import { differenceFromOpenCv, readByOpenCv } from '../helpers/opencv-images';

interface TiffSpec {
  readonly channels: number;
  readonly bits?: number;
  /** 1 unsigned, 2 signed, 3 floating point. */
  readonly format?: number;
  readonly photometric?: number;
  /** 1 premultiplied, 2 separate. */
  readonly extra?: number;
  readonly bigEndian?: boolean;
  /** Whether to use 64-bit offsets (BigTIFF). */
  readonly big?: boolean;
}

const [width, height] = [13, 7];
const random = randomNumbers(42);

/** An uncompressed TIFF file of one strip of random samples. */
function tiff({
  channels,
  bits = 8,
  format = 1,
  photometric = 2,
  extra,
  bigEndian = false,
  big = false,
}: TiffSpec): Buffer {
  const pixels = Buffer.from(
    Array.from({ length: (width * height * channels * bits) / 8 }, () => Math.floor(random() * 256)),
  );
  // With premultiplied alpha, no colour is brighter than its alpha.
  for (let i = 0; extra === 1 && i < pixels.length; i++) {
    pixels[i] =
      i % 4 === 3 ? (pixels[i] as number) : ((pixels[i] as number) * (pixels[i - (i % 4) + 3] as number)) >> 8;
  }
  const [headSize, entrySize, room] = big ? [16, 20, 8] : [8, 12, 4];
  const each = Array(channels).fill(bits) as number[];
  const entries: [tag: number, values: number[]][] = [
    [256, [width]],
    [257, [height]],
    [258, each],
    [259, [1]],
    [262, [photometric]],
    [273, [0]],
    [277, [channels]],
    [278, [height]],
    [279, [pixels.length]],
    ...(extra === undefined ? [] : [[338, [extra]] as [number, number[]]]),
    [339, each.map(() => format)],
  ];
  const directorySize = big ? 8 + entries.length * entrySize + 8 : 2 + entries.length * entrySize + 4;
  const far = headSize + directorySize;
  const extraBytes = entries.reduce((sum, [, values]) => sum + (values.length * 2 > room ? values.length * 2 : 0), 0);
  const out = Buffer.alloc(far + extraBytes);
  const put = (value: number, at: number, size: 2 | 4 | 8): void => {
    const wide = size === 8 ? 4 : size;
    const shift = size === 8 && bigEndian ? 4 : 0;
    if (bigEndian) out.writeUIntBE(value, at + shift, wide);
    else out.writeUIntLE(value, at, wide);
  };
  out.write(bigEndian ? 'MM' : 'II');
  put(big ? 43 : 42, 2, 2);
  if (big) put(8, 4, 2);
  put(headSize, big ? 8 : 4, big ? 8 : 4);
  put(entries.length, headSize, big ? 8 : 2);
  let next = far;
  for (const [i, [tag, values]] of entries.entries()) {
    const at = headSize + (big ? 8 : 2) + i * entrySize;
    // Strip offsets have 32 bits; all other values have 16.
    const wide = tag === 273 || tag === 279;
    put(tag, at, 2);
    put(wide ? 4 : 3, at + 2, 2);
    put(values.length, at + 4, big ? 8 : 4);
    const place = at + (big ? 12 : 8);
    if (wide) put(tag === 273 ? out.length : (values[0] as number), place, 4);
    else if (values.length * 2 <= room) for (const [j, value] of values.entries()) put(value, place + j * 2, 2);
    else {
      put(next, place, big ? 8 : 4);
      for (const value of values) {
        put(value, next, 2);
        next += 2;
      }
    }
  }
  return Buffer.concat([out, pixels]);
}

const files: Record<string, TiffSpec> = {
  'grey.tif': { channels: 1, photometric: 1 },
  'white-is-zero.tif': { channels: 1, photometric: 0 },
  'grey16.tif': { channels: 1, bits: 16, photometric: 1 },
  'rgb.tif': { channels: 3 },
  'rgb16.tif': { channels: 3, bits: 16 },
  'rgb16-big-endian.tif': { channels: 3, bits: 16, bigEndian: true },
  'alpha-beside.tif': { channels: 4, extra: 2 },
  'alpha-beside-big-endian.tif': { channels: 4, extra: 2, bigEndian: true },
  'alpha-beside-of-16-bits.tif': { channels: 4, bits: 16, extra: 2 },
  'alpha-multiplied-in.tif': { channels: 4, extra: 1 },
  'long-offsets.tif': { channels: 4, extra: 2, big: true },
};

const python = ensureOpenCv();

describe.skipIf(python === undefined)('TIFF files are read as OpenCV reads them', () => {
  let folder: string;
  const at = (name: string): string => path.join(folder, name);
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'paddlelab-tiff-'));
    for (const [name, spec] of Object.entries(files)) await writeFile(at(name), tiff(spec));
    await readByOpenCv(python as string, Object.keys(files).map(at));
  });
  afterAll(() => rm(folder, { recursive: true }));

  test.each(Object.keys(files))('%s', async (name) => {
    expect(await differenceFromOpenCv(at(name))).toBe(0);
  });
});

test.each<[string, TiffSpec, RegExp]>([
  [
    'floating-point numbers',
    { channels: 1, bits: 32, format: 3, photometric: 1 },
    /are floating-point numbers; convert/,
  ],
  ['floating-point colours', { channels: 3, bits: 32, format: 3 }, /are floating-point numbers; convert/],
  ['signed numbers', { channels: 1, bits: 16, format: 2, photometric: 1 }, /are signed numbers; convert/],
  ['32 bits', { channels: 1, bits: 32, photometric: 1 }, /are of 32 bits; convert/],
  ['YCbCr without JPEG', { channels: 3, photometric: 6 }, /colours are not RGB; convert/],
  ['Lab', { channels: 3, photometric: 8 }, /colours are not RGB; convert/],
])("a TIFF file of %s is refused, because its pixels would differ from OpenCV's", async (_, spec, message) => {
  for (const more of [{}, { big: true }, { bigEndian: true }]) {
    const failure = decodeImage(tiff({ ...spec, ...more }));
    await expect(failure).rejects.toMatchObject({ code: 'IMAGE_UNREADABLE' });
    await expect(failure).rejects.toThrow(message);
  }
});

test('a damaged TIFF file is refused', async () => {
  const whole = tiff({ channels: 3 });
  for (const length of [3, 8, 20, 60]) {
    await expect(decodeImage(whole.subarray(0, length))).rejects.toMatchObject({ code: 'IMAGE_UNREADABLE' });
  }
  const lost = Buffer.from(whole);
  lost.writeUInt32LE(0xfffffff0, 4);
  await expect(decodeImage(lost)).rejects.toMatchObject({ code: 'IMAGE_UNREADABLE' });
});
