import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { loadTextReader, PaddleLabError, type RgbImage, readText, type TextReader } from '../../src';
import { Canvas } from '../../src/drawing/canvas';
import { loadBrightText } from '../helpers/bright-text';

vi.setConfig({ testTimeout: 120_000 });

const bare = (text: string): string => text.replace(/\s+/g, '');

/** Grey text on white. */
async function draw(
  width: number,
  height: number,
  text: string,
  at: readonly [number, number],
  size: number,
): Promise<RgbImage> {
  const canvas = new Canvas({ width, height, data: new Uint8Array(width * height * 3).fill(255) });
  canvas.text(text, at[0], at[1], size, [20, 20, 20]);
  return { width, height, data: await canvas.render() };
}

const blank = (width: number, height: number): RgbImage => ({
  ...{ width, height },
  data: new Uint8Array(width * height * 3).fill(255),
});

/** Reproducible random bytes (Mulberry32). */
function noise(length: number, seed: number): Uint8Array {
  let state = seed;
  return Uint8Array.from({ length }, () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (mixed ^ (mixed >>> 14)) & 255;
  });
}

let rapidocr: TextReader;
let paddlex: TextReader;
beforeAll(async () => {
  rapidocr = await loadTextReader({ engine: 'onednn' });
  paddlex = await loadTextReader({ engine: 'onednn', preset: 'paddlex' });
});
afterAll(async () => {
  await rapidocr?.dispose();
  await paddlex?.dispose();
});

describe('tiny images', () => {
  const sizes = [
    [1, 1],
    [3, 3],
    [1, 200],
    [3000, 2],
    [12, 900],
    [16, 16],
    [31, 9],
  ] as const;

  test.each(sizes)('of %d×%d pixels have no text', async (width, height) => {
    for (const reader of [rapidocr, paddlex]) {
      expect(await readText(blank(width, height), { reader })).toMatchObject({ lines: [], image: { width, height } });
    }
  });

  test('a column of letters that is forty times as high as wide', async () => {
    const canvas = new Canvas(blank(30, 1200));
    for (const [i, letter] of [...'文字识别测试'].entries()) canvas.text(letter, 2, 60 + 34 * i, 26, [20, 20, 20]);
    const column = { width: 30, height: 1200, data: await canvas.render() };
    const { text, tiles } = await readText(column, { reader: rapidocr });
    expect(bare(text)).toBe('文字识别测试');
    expect(tiles?.count).toBe(1);
  });

  test('a line of 12 pixels in height, and a single letter, are read', async () => {
    const line = await draw(150, 14, 'Read this line', [4, 11], 12);
    expect(bare((await readText(line, { reader: rapidocr })).text)).toBe('Readthisline');
    const letter = await draw(40, 40, 'K', [10, 30], 28);
    expect((await readText(letter, { reader: rapidocr, threshold: 0 })).text).toBe('K');
  });
});

test('pages on their side and upside down: EXIF orientation is applied, lines are in pixels of the upright image', async () => {
  const page = await draw(420, 120, 'Upright text 4711', [30, 70], 34);
  const { width, height, data } = page;
  const raw = { raw: { width, height, channels: 3 as const } };
  for (const [orientation, angle] of [
    [1, 0],
    [3, 180],
    [6, 270],
    [8, 90],
  ] as const) {
    // The pixels are turned, and EXIF says how to turn them back.
    const file = await sharp(data, raw).rotate(angle).jpeg({ quality: 95 }).withMetadata({ orientation }).toBuffer();
    const { lines, image } = await readText(file, { reader: paddlex });
    expect(image, `orientation ${orientation}`).toEqual({ width: 420, height: 120 });
    expect(lines.map(({ text }) => bare(text))).toEqual(['Uprighttext4711']);
  }
});

describe('unusual files', () => {
  let page: RgbImage;
  let encoded: sharp.Sharp;
  beforeAll(async () => {
    page = await draw(420, 120, 'Unusual file 99', [30, 70], 34);
    encoded = sharp(page.data, { raw: { width: page.width, height: page.height, channels: 3 } });
  });

  test('16 bits, CMYK, grey, palette, alpha, animated: their text is read', async () => {
    const frame = { raw: { width: 420, height: 240, channels: 3 as const, pageHeight: 120 } };
    const twoFrames = new Uint8Array(2 * page.data.length).fill(255);
    twoFrames.set(page.data);
    const files = {
      'PNG of 16 bits': await encoded.clone().toColourspace('rgb16').png().toBuffer(),
      'CMYK JPEG': await encoded.clone().toColourspace('cmyk').jpeg({ quality: 95 }).toBuffer(),
      grey: await encoded.clone().greyscale().png().toBuffer(),
      palette: await encoded.clone().png({ palette: true, colours: 16 }).toBuffer(),
      alpha: await encoded.clone().ensureAlpha(0.5).png().toBuffer(),
      animation: await sharp(twoFrames, frame as never)
        .gif({ delay: [100, 100] })
        .toBuffer(),
    };
    for (const [name, file] of Object.entries(files)) {
      const { lines } = await readText(file, { reader: paddlex });
      expect(
        lines.map(({ text }) => bare(text)),
        name,
      ).toEqual(['Unusualfile99']);
    }
  });

  test('cut off, empty, no image, too large: a coded error', async () => {
    const png = await encoded.clone().png().toBuffer();
    const jpeg = await encoded.clone().jpeg().toBuffer();
    const bomb = Buffer.from(png);
    // Width and height of the header, whose checksum is then wrong, too.
    bomb.writeUInt32BE(60_000, 16);
    bomb.writeUInt32BE(60_000, 20);
    const hostile = [
      png.subarray(0, png.length / 2),
      jpeg.subarray(0, jpeg.length / 2),
      png.subarray(0, 20),
      Buffer.alloc(0),
      Buffer.from('no image'),
      bomb,
      Buffer.from(noise(5000, 1)),
    ];
    for (const [i, file] of hostile.entries()) {
      const error = await readText(file, { reader: paddlex }).catch((reason: unknown) => reason);
      expect(error, `file ${i}`).toBeInstanceOf(PaddleLabError);
      expect((error as PaddleLabError).code).toBe('IMAGE_UNREADABLE');
    }
  });

  test('raw pixels that do not fit are refused', async () => {
    for (const image of [
      { width: 0, height: 10, data: new Uint8Array(0) },
      { width: 10, height: 10, data: new Uint8Array(10) },
      { width: 10.5, height: 10, data: new Uint8Array(315) },
    ]) {
      await expect(readText(image, { reader: paddlex })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    }
  });
});

test('an abort at any moment gives up, and the reader goes on', async () => {
  const page = await draw(420, 120, 'Goes on 12345', [30, 70], 34);
  const expected = await readText(page, { reader: paddlex });
  const codes = new Set<string>();
  for (let turns = 0; turns < 400; turns = Math.ceil(turns * 1.5) + 1) {
    const controller = new AbortController();
    const reading = readText([page, page], { reader: paddlex, tiles: { size: 320 }, signal: controller.signal });
    const ended = reading.then(
      () => 'read',
      (error: unknown) => (error instanceof PaddleLabError ? error.code : String(error)),
    );
    for (let turn = 0; turn < turns; turn++) await new Promise(setImmediate);
    controller.abort();
    codes.add(await ended);
  }
  expect([...codes].filter((code) => code !== 'read')).toEqual(['ABORTED']);
  const { timings: _, ...again } = await readText(page, { reader: paddlex });
  const { timings: __, ...before } = expected;
  expect(again).toEqual(before);
});

describe('networks that do not fit', () => {
  test('a recogniser as detector and the reverse', async () => {
    await expect(loadTextReader({ detection: 'PP-OCRv4_mobile_rec' })).rejects.toMatchObject({
      code: 'MODEL_UNSUPPORTED',
      message: expect.stringContaining('text-detection'),
    });
    await expect(loadTextReader({ recognition: 'PP-OCRv4_mobile_det' })).rejects.toMatchObject({
      code: 'MODEL_UNSUPPORTED',
      message: expect.stringContaining('text-recognition'),
    });
    await expect(loadTextReader({ recognition: paddlex.detection as never })).rejects.toMatchObject({
      code: 'MODEL_UNSUPPORTED',
    });
  });
});

describe('thousands of specks', () => {
  test('are bounded: no more regions than the detector’s configuration says', async () => {
    const bright = await loadBrightText({
      PostProcess: { name: 'DBPostProcess', thresh: 0.3, box_thresh: 0.3, unclip_ratio: 1.1, max_candidates: 60 },
    });
    const [width, height] = [640, 640];
    const data = new Uint8Array(width * height * 3);
    // A halftone: dots of 6×6 pixels, 12 pixels apart.
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++)
        if (x % 12 < 6 && y % 12 < 6) data.fill(255, (y * width + x) * 3, (y * width + x) * 3 + 3);
    }
    const reader = await loadTextReader({ detection: bright, recognition: paddlex.recognition });
    const { lines } = await readText({ width, height, data }, { reader, threshold: 0 });
    expect(lines.length).toBeLessThanOrEqual(60);
  });

  test('pure noise has a result', async () => {
    const [width, height] = [640, 480];
    const result = await readText({ width, height, data: noise(width * height * 3, 7) }, { reader: paddlex });
    expect(result.kind).toBe('text');
    expect(result.lines.length).toBeLessThan(1000);
  });
});
