import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decodeImage } from '../../src/image/image';
import { ensureOpenCv } from '../helpers/opencv';
import { differenceFromOpenCv, readByOpenCv } from '../helpers/opencv-images';

const [width, height] = [40, 30];

/** A smooth picture, so that JPEG loses little. */
function picture(): Sharp {
  const data = Buffer.alloc(width * height * 3);
  for (let i = 0; i < data.length; i++) {
    const pixel = Math.floor(i / 3);
    data[i] = [(pixel % width) * 6, Math.floor(pixel / width) * 8, (pixel % width) * 3][i % 3] as number;
  }
  return sharp(data, { raw: { width, height, channels: 3 } });
}

function samples16(channels: 1 | 3): Sharp {
  const data = Uint16Array.from({ length: width * height * channels }, (_, i) => (i * 7919) % 65536);
  return sharp(data, { raw: { width, height, channels } }).toColourspace(channels === 1 ? 'grey16' : 'rgb16');
}

const grey = (): Sharp => picture().greyscale().toColourspace('b-w');

const files: Record<string, () => Sharp> = {
  'rgb.png': () => picture().png(),
  'grey.png': () => grey().png(),
  'grey.jpg': () => grey().jpeg(),
  'grey16.png': () => samples16(1).png(),
  'rgb16.png': () => samples16(3).png(),
  'palette.png': () => picture().png({ palette: true }),
  'palette-with-alpha.png': () => picture().ensureAlpha(0.5).png({ palette: true }),
  'rgba.png': () => picture().ensureAlpha(0.3).png(),
  'black-and-white.png': () => grey().threshold(100).png({ palette: true, colours: 2 }),
  'progressive.jpg': () => picture().jpeg({ progressive: true }),
  'cmyk.jpg': () => picture().toColourspace('cmyk').jpeg({ quality: 95 }),
  'cmyk.tif': () => picture().toColourspace('cmyk').tiff({ compression: 'none' }),
  'rgb.tif': () => picture().tiff({ compression: 'lzw' }),
  'rgb.webp': () => picture().webp({ lossless: true }),
};
for (let orientation = 1; orientation <= 8; orientation++) {
  files[`exif-${orientation}.jpg`] = () => picture().withMetadata({ orientation }).jpeg();
}

/** libtiff rounds its CMYK conversion through tables. */
const tolerances: Record<string, number> = { 'cmyk.tif': 1 };

const python = ensureOpenCv();

describe.skipIf(python === undefined)('images are read as OpenCV reads them', () => {
  let folder: string;
  const at = (name: string): string => path.join(folder, name);
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'paddlelab-images-'));
    for (const [name, make] of Object.entries(files)) await make().toFile(at(name));
    await readByOpenCv(python as string, Object.keys(files).map(at));
  });
  afterAll(() => rm(folder, { recursive: true }));

  test.each(Object.keys(files))('%s', async (name) => {
    expect(await differenceFromOpenCv(at(name))).toBeLessThanOrEqual(tolerances[name] ?? 0);
  });
});

describe('other forms of images', () => {
  test('the first frame of an animation', async () => {
    const frames = await Promise.all([picture().png().toBuffer(), picture().negate().png().toBuffer()]);
    const animated = await sharp(frames, { join: { animated: true } })
      .webp({ lossless: true })
      .toBuffer();
    expect(await decodeImage(animated)).toEqual(await decodeImage(frames[0] as Buffer));
  });

  test('a folder, and a missing file', async () => {
    await expect(decodeImage(__dirname)).rejects.toThrow(/Can't read image .*: it is a folder/);
    await expect(decodeImage(path.join(__dirname, 'none.jpg'))).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
    await expect(decodeImage(path.join(__filename, 'x.jpg'))).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
  });

  test('CMYK behind a comment and padding between the parts of a JPEG', async () => {
    const file = await picture().toColourspace('cmyk').jpeg({ quality: 95 }).toBuffer();
    const comment = Buffer.from([0xff, 0xfe, 0, 6, 1, 2, 0xff, 0xc0, 0xff, 0xff]);
    const padded = Buffer.concat([file.subarray(0, 2), comment, file.subarray(2)]);
    const [expected, found] = [await decodeImage(file), await decodeImage(padded)];
    expect(Buffer.compare(found.data, expected.data)).toBe(0);
  });

  test('a data URL, with and without base64', async () => {
    const bytes = await picture().png().toBuffer();
    const expected = await decodeImage(bytes);
    expect(await decodeImage(`data:image/png;base64,${bytes.toString('base64')}`)).toEqual(expected);
    const escaped = [...bytes].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
    expect(await decodeImage(`data:image/png,${escaped}`)).toEqual(expected);
    await expect(decodeImage('data:image/png;base64')).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    await expect(decodeImage('data:image/png;base64,AAAA')).rejects.toMatchObject({ code: 'IMAGE_UNREADABLE' });
  });

  test.each([
    ['grey', { data: Uint8Array.of(1, 2), width: 2, height: 1 }, [1, 1, 1, 2, 2, 2]],
    ['grey with alpha', { data: Uint8Array.of(1, 9, 2, 9), width: 2, height: 1 }, [1, 1, 1, 2, 2, 2]],
    ['RGB', { data: Uint8Array.of(1, 2, 3), width: 1, height: 1, channels: 3 }, [1, 2, 3]],
    ['RGBA, as from a canvas', { data: Uint8ClampedArray.of(1, 2, 3, 9), width: 1, height: 1 }, [1, 2, 3]],
    ['16 bits', { data: Uint16Array.of(0x1ff, 0x200, 0xffff), width: 1, height: 1 }, [1, 2, 255]],
  ])('raw pixels: %s', async (_, pixels, expected) => {
    const { data, width, height } = await decodeImage(pixels);
    expect([[...data], width, height]).toEqual([expected, pixels.width, pixels.height]);
  });

  test.each<[object, RegExp]>([
    [{ data: [1, 2, 3], width: 1, height: 1 }, /Expected Uint8Array.* for image\.data/],
    [{ data: new Uint8Array(3), width: 0, height: 1 }, /Expected integer ≥ 1 for image\.width but received 0/],
    [{ data: new Uint8Array(5), width: 1, height: 1 }, /Expected 1, 2, 3 or 4 for image\.channels but received 5/],
    [{ data: new Uint8Array(5), width: 1, height: 1, channels: 3 }, /Expected 1 × 1 × 3 samples for image\.data/],
    [{}, /Expected file path, data URL, Buffer, sharp instance or raw pixels for image/],
  ])('refuses %j', async (input, message) => {
    const failure = decodeImage(input as never);
    await expect(failure).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    await expect(failure).rejects.toThrow(message);
  });
});
