import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadTextReader, type Model, predict, type RgbImage, readText, type TextReader } from '../../src';
import { Canvas } from '../../src/drawing/canvas';
import { cutLine } from '../../src/ocr/cut-line';
import { planTiles } from '../../src/ocr/tile-plan';
import { findInTiles } from '../../src/ocr/tile-regions';
import { bars, loadBrightText } from '../helpers/bright-text';

type Line = readonly [text: string, left: number, baseline: number];

async function drawPage(width: number, height: number, size: number, lines: readonly Line[]): Promise<RgbImage> {
  const canvas = new Canvas({ width, height, data: new Uint8Array(width * height * 3).fill(255) });
  for (const [text, left, baseline] of lines) canvas.text(text, left, baseline, size, [20, 20, 20]);
  return { width, height, data: await canvas.render() };
}

const bare = (text: string): string => text.replace(/\s+/g, '');

let reader: TextReader;
beforeAll(async () => {
  reader = await loadTextReader({ engine: 'onednn', preset: 'paddlex' });
});
afterAll(() => reader?.dispose());

describe('which images are taken apart', () => {
  const paddlex = { width: 2880, height: 900 };

  test('those whose longer side the detector would reduce to less than a third, and no others', async () => {
    const { spec } = reader.detection;
    expect(planTiles(spec, paddlex, 'auto')).toBeUndefined();
    const plan = planTiles(spec, { ...paddlex, width: 3000 }, 'auto');
    expect(plan).toMatchObject({ size: 960, overlap: 120 });
    expect(plan?.tiles).toHaveLength(4);
    await using enlarging = await loadTextReader({ engine: 'onednn' });
    expect(planTiles(enlarging.detection.spec, { width: 900, height: 6000 }, 'auto')).toBeUndefined();
    const strip = planTiles(enlarging.detection.spec, { width: 900, height: 20_000 }, 'auto');
    expect(strip?.size).toBe(1984);
    expect(strip?.tiles.every(({ width, height }) => width === 900 && height === 1984)).toBe(true);
  });

  test('tiles cover the image, and share what was asked for', () => {
    const plan = planTiles(reader.detection.spec, { width: 1000, height: 700 }, { size: 300, overlap: 50 });
    const lefts = [...new Set(plan?.tiles.map(({ left }) => left))];
    const tops = [...new Set(plan?.tiles.map(({ top }) => top))];
    expect([lefts[0], (lefts.at(-1) ?? 0) + 300, tops[0], (tops.at(-1) ?? 0) + 300]).toEqual([0, 1000, 0, 700]);
    for (const starts of [lefts, tops]) {
      for (const [i, start] of starts.slice(1).entries()) expect(start - (starts[i] ?? 0)).toBeLessThanOrEqual(250);
    }
    expect(planTiles(reader.detection.spec, { width: 300, height: 300 }, { size: 300 })).toBeUndefined();
    expect(planTiles(reader.detection.spec, { width: 30_000, height: 300 }, false)).toBeUndefined();
  });
});

describe('lines over the borders of tiles', () => {
  let bright: Model<'text-detection'>;
  beforeAll(async () => {
    bright = await loadBrightText();
  });

  const sidesOf = (polygons: readonly (readonly (readonly [number, number])[])[]): number[][] =>
    polygons
      .map((polygon) => {
        const [xs, ys] = [polygon.map(([x]) => x), polygon.map(([, y]) => y)];
        return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
      })
      .sort((a, b) => (a[1] ?? 0) - (b[1] ?? 0) || (a[0] ?? 0) - (b[0] ?? 0));

  test.each([256, 320, 448])('come out once and whole: tiles of %d', async (size) => {
    const rows = Array.from({ length: 24 }, (_, i) => [10 + 37 * (i % 5), 16 + 38 * i, 300 + 24 * i, 14] as const);
    const page = bars(1024, 960, ...rows, [980, 40, 14, 800], [4, 100, 3, 700]);
    const whole = await predict(bright, page);
    const plan = planTiles(bright.spec, page, { size, overlap: 64 });
    const { regions, tiles } = await findInTiles(bright, page, plan as never, undefined);
    expect(tiles.count).toBeGreaterThan(5);
    const [found, expected] = [regions, whole.regions].map((all) => sidesOf(all.map(({ polygon }) => polygon)));
    expect(found).toHaveLength(expected?.length ?? 0);
    for (const [i, sides] of (found ?? []).entries()) {
      const largest = Math.max(...sides.map((side, k) => Math.abs(side - (expected?.[i]?.[k] ?? 1e9))));
      // The end of a long line is widened less, because its part is shorter.
      expect(largest, `${sides} and ${expected?.[i]}`).toBeLessThanOrEqual(8);
    }
  });

  test('letters too high for tiles are found in the whole image', async () => {
    const page = bars(1200, 1000, [100, 200, 1000, 300], [100, 700, 200, 14]);
    const plan = planTiles(bright.spec, page, { size: 256, overlap: 64 });
    const { regions } = await findInTiles(bright, page, plan as never, undefined);
    const [large, small, ...others] = sidesOf(regions.map(({ polygon }) => polygon));
    expect(others).toEqual([]);
    expect((large?.[3] ?? 0) - (large?.[1] ?? 0)).toBeGreaterThan(300);
    expect(small?.[1]).toBeGreaterThan(650);
  });
});

test('a page in tiles has the same text as at once, and says so', async () => {
  const lines = [
    ['The first line of this page goes over several tiles', 30, 60],
    ['Second line 4711', 300, 160],
    ['and a third one that is long enough to be cut twice', 60, 260],
    ['文字识别测试 with more', 500, 360],
  ] as const satisfies readonly Line[];
  const page = await drawPage(960, 420, 28, lines);
  const whole = await readText(page, { reader });
  const tiled = await readText(page, { reader, tiles: { size: 320, overlap: 64 } });
  expect(whole.tiles).toBeUndefined();
  expect(tiled.tiles).toEqual({ size: 320, overlap: 64, count: 8 });
  expect(tiled.lines.map(({ text }) => bare(text))).toEqual(lines.map(([text]) => bare(text)));
  expect(bare(tiled.text)).toBe(bare(whole.text));
  expect(inspect(tiled)).toContain('lines found in 8 tiles of up to 320×320');
  for (const [i, { polygon }] of tiled.lines.entries()) {
    for (const [k, [x, y]] of polygon.entries()) {
      const [expectedX = 0, expectedY = 0] = whole.lines[i]?.polygon[k] ?? [];
      expect(Math.hypot(x - expectedX, y - expectedY)).toBeLessThan(12);
    }
  }
});

test('a ticker is one line: long ones are cut between words to be read', async () => {
  const text = Array.from({ length: 24 }, (_, i) => `stock${i} rose by ${(i * 37) % 100}.${i % 10}%`).join(', ');
  const page = await drawPage(9000, 48, 26, [[text, 10, 34]]);
  const { lines, tiles } = await readText(page, { reader });
  expect(tiles?.size).toBe(960);
  expect(lines).toHaveLength(1);
  expect(bare(lines[0]?.text ?? '')).toBe(bare(text));
  const places = lines[0]?.characters.map(({ polygon }) => polygon[0]?.[0] ?? 0) ?? [];
  expect(places).toEqual(places.toSorted((a, b) => a - b));
});

test('a very long line is cut in gaps, as rarely as possible', () => {
  const [width, height] = [3000, 20];
  const data = new Uint8Array(width * height * 3).fill(255);
  // Words of 90 pixels with gaps of 10.
  for (let x = 0; x < width; x++) {
    if (x % 100 < 90)
      for (let y = 4; y < 16; y++) data.fill(x % 2 === 0 ? 0 : 40, (y * width + x) * 3, (y * width + x) * 3 + 3);
  }
  const parts = cutLine({ width, height, data });
  expect(parts).toHaveLength(3);
  expect(parts.map(({ gap }) => gap)).toEqual([false, true, true]);
  for (const { start } of parts.slice(1)) expect(start % 100).toBeGreaterThanOrEqual(90);
  expect(parts.map(({ start }) => start).slice(1)).toEqual(parts.map(({ end }) => end).slice(0, -1));
  expect(cutLine({ width: 1320, height, data: data.subarray(0, 1320 * height * 3) })).toHaveLength(1);
  const noise = Uint8Array.from({ length: 9000 * 3 }, (_, i) => (i * 97) % 251);
  expect(cutLine({ width: 9000, height: 1, data: noise }).at(-1)?.end).toBe(9000);
});

test('the option is checked', async () => {
  const page = { width: 8, height: 8, data: new Uint8Array(192) };
  for (const tiles of [true, 'always', { size: 10 }, { size: 640, overlap: 400 }, { width: 640 }]) {
    await expect(readText(page, { reader, tiles: tiles as never }), JSON.stringify(tiles)).rejects.toMatchObject({
      code: expect.stringMatching(/^(INVALID_ARGUMENT|UNKNOWN_OPTION)$/),
    });
  }
});
