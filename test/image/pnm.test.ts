import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decodeImage, predict, resolveImages, withModel } from '../../src';
import { randomNumbers } from '../helpers/kernel-properties';
import { ensureOpenCv } from '../helpers/opencv';
import { differenceFromOpenCv, readByOpenCv } from '../helpers/opencv-images';
import { readPixels } from '../helpers/pictures';
import { demoModel, goldenImage } from '../helpers/project';

const [width, height] = [13, 7];
const random = randomNumbers(6);
const numbers = (count: number, below: number): number[] =>
  Array.from({ length: count }, () => Math.floor(random() * below));

function binary(kind: 'P4' | 'P5' | 'P6', header: string, samples: readonly number[], bytes: 1 | 2 = 1): Buffer {
  const data = Buffer.alloc(samples.length * bytes);
  for (const [i, value] of samples.entries()) data.writeUIntBE(value, i * bytes, bytes);
  return Buffer.concat([Buffer.from(`${kind}${header}`, 'latin1'), data]);
}

const text = (kind: 'P1' | 'P2' | 'P3', header: string, samples: readonly number[], between = ' '): Buffer =>
  Buffer.from(`${kind}${header}${samples.join(between)}\n`);

const size = `\n${width} ${height}`;
const grey = width * height;

const files: Record<string, () => Buffer> = {
  'bits.pbm': () => binary('P4', `${size}\n`, numbers(2 * height, 256)),
  'bits-as-text.pbm': () => text('P1', `${size}\n`, numbers(grey, 2)),
  'bits-side-by-side.pbm': () => text('P1', `${size}\n`, numbers(grey, 2), ''),
  'grey.pgm': () => binary('P5', `${size}\n255\n`, numbers(grey, 256)),
  'grey-of-few.pgm': () => binary('P5', `${size}\n15\n`, numbers(grey, 256)),
  'grey-as-text.pgm': () => text('P2', `${size}\n255\n`, numbers(grey, 256)),
  'grey-of-few-as-text.pgm': () => text('P2', `${size}\n100\n`, numbers(grey, 101)),
  'more-than-the-maximum.pgm': () => text('P2', `${size}\n100\n`, numbers(grey, 999)),
  'grey16.pgm': () => binary('P5', `${size}\n65535\n`, numbers(grey, 65_536), 2),
  'grey10.pgm': () => binary('P5', `${size}\n1023\n`, numbers(grey, 1024), 2),
  'grey16-as-text.pgm': () => text('P2', `${size}\n65535\n`, numbers(grey, 65_536)),
  'colours.ppm': () => binary('P6', `${size}\n255\n`, numbers(3 * grey, 256)),
  'colours-of-few.ppm': () => binary('P6', `${size}\n31\n`, numbers(3 * grey, 256)),
  'colours16.ppm': () => binary('P6', `${size}\n65535\n`, numbers(3 * grey, 65_536), 2),
  'colours12.ppm': () => binary('P6', `${size}\n4095\n`, numbers(3 * grey, 4096), 2),
  'colours-as-text.ppm': () => text('P3', `${size}\n255\n`, numbers(3 * grey, 256), '\n'),
  'colours-of-few-as-text.ppm': () => text('P3', `${size}\n7\n`, numbers(3 * grey, 8), '\t'),
  'colours16-as-text.ppm': () => text('P3', `${size}\n300\n`, numbers(3 * grey, 400), '  '),
  'comments.ppm': () => binary('P6', `\n# made by hand\n${width} # wide\r${height}\n#\n255\n`, numbers(3 * grey, 256)),
  'comments-in-pixels.pgm': () => text('P2', `${size}\n255\n`, numbers(grey, 256), ' # next\n'),
  'dos.ppm': () => binary('P6', `\r\n${width} ${height}\r\n255\r\n`, numbers(3 * grey, 256)),
  'odd-spaces.ppm': () => binary('P6', `\v${width}\f${height}\t255 `, numbers(3 * grey, 256)),
  'pixels-like-a-comment.ppm': () => binary('P6', `${size}\n255\n`, Array(3 * grey).fill(0x23)),
};

const python = ensureOpenCv();

describe.skipIf(python === undefined)('PBM, PGM and PPM files are read as OpenCV reads them', () => {
  let folder: string;
  const at = (name: string): string => path.join(folder, name);
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'paddlelab-pnm-'));
    for (const [name, make] of Object.entries(files)) await writeFile(at(name), make());
    await readByOpenCv(python as string, Object.keys(files).map(at));
  });
  afterAll(() => rm(folder, { recursive: true }));

  test.each(Object.keys(files))('%s', async (name) => {
    expect(await differenceFromOpenCv(at(name))).toBe(0);
  });

  test('also in a folder and by a pattern', async () => {
    expect(await resolveImages(folder)).toHaveLength(Object.keys(files).length);
    expect(await resolveImages(path.join(folder, '*.pbm'))).toHaveLength(3);
  });
});

/** The results of OpenCV 4.6, for machines without it. */
test.each<[string, Buffer, readonly number[]]>([
  ['P1', Buffer.from('P1\n3 1\n1 07\n'), [0, 255, 0]],
  ['P2', Buffer.from('P2\n4 1\n100\n1 50 100 400\n'), [2, 127, 255, 255]],
  ['P2 of 16 bits', Buffer.from('P2\n2 1\n1023\n1023 256\n'), [3, 1]],
  ['P4', binary('P4', '\n3 2\n', [0xa0, 0x40]), [0, 255, 0, 255, 0, 255]],
  ['P5', binary('P5', '\n2 1\n15\n', [15, 32]), [15, 32]],
  ['P5 of 16 bits', binary('P5', '\n2 1\n1023\n', [0x3ff, 0x100], 2), [3, 1]],
])('%s: a number for each pixel', async (_, bytes, expected) => {
  const { data } = await decodeImage(bytes);
  expect([...data]).toEqual(expected.flatMap((value) => [value, value, value]));
});

test('a last number without a line end is read', async () => {
  expect([...(await decodeImage(Buffer.from('P3 1 1 255 1 2 3'))).data]).toEqual([1, 2, 3]);
});

test('a model gives equal results for a PPM and a PNG with the same pixels', async () => {
  const { width, height, data } = await readPixels(goldenImage('a_rgb_402x270.png'));
  const ppm = Buffer.concat([Buffer.from(`P6\n${width} ${height}\n255\n`), data]);
  const before = Buffer.from(ppm);
  await withModel(
    demoModel('shapes_det_picodet'),
    async (model) => {
      const [expected, found] = [await predict(model, goldenImage('a_rgb_402x270.png')), await predict(model, ppm)];
      expect(found.detections).toEqual(expected.detections);
    },
    { engine: 'plain' },
  );
  expect(ppm.equals(before)).toBe(true);
});

test('decoding a large file does not block the event loop', async () => {
  const bytes = binary('P5', '\n4000 500\n65535\n', []);
  let turns = 0;
  let next: NodeJS.Immediate;
  const count = (): void => {
    turns++;
    next = setImmediate(count);
  };
  next = setImmediate(count);
  const { data } = await decodeImage(Buffer.concat([bytes, Buffer.alloc(4_000_000, 7)]));
  clearImmediate(next);
  expect(data.length).toBe(6_000_000);
  expect(data.every((value) => value === 7)).toBe(true);
  expect(turns).toBeGreaterThan(5);
});

test.each<[string, Buffer, RegExp]>([
  ['cut off', binary('P6', `${size}\n255\n`, [1, 2, 3]), /ends in the middle of its pixels/],
  ['cut off in its numbers', Buffer.from(`P3 2 2 255 ${'1000000 '.repeat(4)}`), /ends in the middle of its numbers/],
  ['cut off in its header', Buffer.from('P6\n2'), /ends in the middle of its numbers/],
  ['too large', binary('P6', '\n100000 100000\n255\n', []), /its size is 100000×100000/],
  ['of a size that it does not hold', binary('P4', '\n16000 16000\n', []), /ends in the middle of its pixels/],
  ['of no size', binary('P5', '\n0 4\n255\n', []), /its size is 0×4/],
  ['of size beyond numbers', Buffer.from(`P5 ${'9'.repeat(400)} 1 255 `), /its size is \d+×1/],
  ['without a maximum', binary('P5', '\n1 1\n0\n', [1]), /its largest sample is 0/],
  ['of too many bits', binary('P5', '\n1 1\n65536\n', [1]), /its largest sample is 65536/],
  ['with a sign', Buffer.from('P2 2 1 15 -1 3'), /expected a number but found byte 45/],
])('a file that is %s is refused', async (_, bytes, message) => {
  const failure = decodeImage(bytes);
  await expect(failure).rejects.toMatchObject({ code: 'IMAGE_UNREADABLE' });
  await expect(failure).rejects.toThrow(message);
});
