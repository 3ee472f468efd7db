import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  loadTextReader,
  type RgbImage,
  readText,
  readTextStream,
  type TextReader,
  type TextResult,
  toHocr,
  toTsv,
  visualizeText,
} from '../../src';
import { Canvas } from '../../src/drawing/canvas';

const written = ['Reading text is easy', 'The total is 128.50', '文字识别测试', 'Last line of the page'];

/** A white page with lines of text, 44 pixels apart. */
async function drawPage(lines: readonly string[], width = 640, size = 30): Promise<RgbImage> {
  const height = 44 * lines.length + 50;
  const canvas = new Canvas({ width, height, data: new Uint8Array(width * height * 3).fill(255) });
  for (const [i, line] of lines.entries()) canvas.text(line, size < 30 ? 12 : 40, 44 * i + 52, size, [20, 20, 20]);
  return { width, height, data: await canvas.render() };
}

/** The image turned to the right by 90°. */
function turnedRight({ width, height, data }: RgbImage): RgbImage {
  const turned = new Uint8Array(data.length);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const to = (x * height + (height - 1 - y)) * 3;
      turned.set(data.subarray((y * width + x) * 3, (y * width + x) * 3 + 3), to);
    }
  }
  return { width: height, height: width, data: turned };
}

let reader: TextReader;
let page: RgbImage;
let result: TextResult;
beforeAll(async () => {
  // Without enlarging the page, which takes its time.
  reader = await loadTextReader({ engine: 'plain', preset: 'paddlex' });
  page = await drawPage(written);
  result = await readText(page, { reader });
});
afterAll(() => reader?.dispose());

const bare = (text: string): string => text.replace(/\s+/g, '');

test('a page is read line by line, with places and scores', () => {
  expect(result.kind).toBe('text');
  expect(result.lines.map(({ text }) => bare(text))).toEqual(written.map(bare));
  expect(bare(result.text)).toBe(bare(written.join('')));
  expect(result.text.split('\n')).toHaveLength(written.length);
  for (const [i, { polygon, score, detectionScore, characters, text }] of result.lines.entries()) {
    expect(score).toBeGreaterThan(0.8);
    expect(detectionScore).toBeGreaterThan(0.5);
    expect(characters.map((character) => character.text).join('')).toBe(text);
    const [[left = 0, top = 0] = [], , [right = 0, bottom = 0] = []] = polygon;
    expect(top).toBeLessThan(44 * i + 40);
    expect(bottom).toBeGreaterThan(44 * i + 48);
    for (const character of characters) {
      for (const [x, y] of character.polygon) {
        expect(x).toBeGreaterThanOrEqual(left - 2);
        expect(x).toBeLessThanOrEqual(right + 2);
        expect(y).toBeGreaterThanOrEqual(top - 4);
        expect(y).toBeLessThanOrEqual(bottom + 4);
      }
    }
  }
});

test('a page that is upside down is read by default, in its own order, and not without a classifier of lines', async () => {
  const upsideDown = turnedRight(turnedRight(page));
  await using usual = await loadTextReader({ engine: 'plain' });
  const { lines } = await readText(upsideDown, { reader: usual });
  expect(lines.map(({ text }) => bare(text))).toEqual(written.map(bare));
  const [x, y] = lines[0]?.polygon[0] ?? [];
  // The first corner is the reader's top left, and so is the first character.
  expect(x).toBeGreaterThan(500);
  expect(y).toBeGreaterThan(150);
  const [left] = lines[0]?.characters[0]?.polygon[0] ?? [];
  expect(Math.abs((left ?? 0) - (x ?? 0))).toBeLessThan(20);
  await using none = await loadTextReader({ engine: 'plain', orientation: false });
  expect(none.orientation).toBeUndefined();
  const unread = await readText(upsideDown, { reader: none });
  expect(unread.lines.map(({ text }) => bare(text))).not.toContain(bare(written[0] ?? ''));
});

test('a page that lies on its side is read, too, in its own order', async () => {
  const { lines } = await readText(turnedRight(page), { reader });
  expect(lines.map(({ text }) => bare(text))).toEqual(written.map(bare));
});

test('an array gives an array, a stream gives results in order, and an empty page no lines', async () => {
  const blank = { width: 200, height: 100, data: new Uint8Array(200 * 100 * 3).fill(255) };
  const [first, second] = await readText([blank, blank], { reader });
  expect(first).toMatchObject({ lines: [], text: '' });
  expect(second).toEqual({ ...first, timings: second?.timings });
  const counts: number[] = [];
  for await (const { lines } of readTextStream([blank, page], { reader })) counts.push(lines.length);
  expect(counts).toEqual([0, written.length]);
});

test('small letters are found with the parameters of RapidOCR, the default', async () => {
  const line = 'Small letters';
  const small = await drawPage([line], 130, 14);
  await using enlarging = await loadTextReader({ engine: 'plain' });
  expect(enlarging.preset).toBe('rapidocr');
  const read = await readText(small, { reader: enlarging });
  expect(bare(read.text)).toBe(bare(line));
  expect(read.image).toEqual({ width: 130, height: 94 });
  for (const [x, y] of read.lines.flatMap(({ polygon }) => polygon)) {
    expect(x).toBeLessThanOrEqual(130);
    expect(y).toBeLessThanOrEqual(94);
  }
});

test('the threshold leaves lines out', async () => {
  const { lines, threshold } = await readText(page, { reader, threshold: 0.999 });
  expect(threshold).toBe(0.999);
  expect(lines.map(({ text }) => text)).toEqual(
    result.lines.filter(({ score }) => score >= 0.999).map(({ text }) => text),
  );
});

test('a result is frozen data, and is saved as TSV and hOCR', () => {
  expect(Object.isFrozen(result.lines)).toBe(true);
  expect(JSON.parse(JSON.stringify(result))).toMatchObject({ kind: 'text', lines: expect.any(Array) });
  const [heading, ...rows] = toTsv(result).trimEnd().split('\n');
  expect(heading).toBe('page\tline\ttext\tscore\tdetection_score\tpolygon');
  expect(rows.map((row) => bare(row.split('\t')[2] ?? ''))).toEqual(written.map(bare));
  const hocr = toHocr(result, ['a "page" & more.png']);
  expect(hocr).toContain('image &quot;a &#34;page&#34; &#38; more.png&quot;; bbox 0 0 640 226');
  expect(hocr.match(/class="ocr_line"/g)).toHaveLength(written.length);
  expect(bare(hocr.replace(/<[^>]*>/g, ''))).toBe(bare(written.join('')));
});

test('the picture has the page at the left and its text at the right', async () => {
  const picture = await visualizeText(page, result);
  expect(picture.width).toBeGreaterThan(2 * page.width - 1);
  expect(picture.height).toBeGreaterThanOrEqual(page.height);
});

test('a network of another task is refused, and an abort gives up', async () => {
  await expect(loadTextReader({ detection: 'PP-OCRv4_mobile_rec' })).rejects.toMatchObject({
    code: 'MODEL_UNSUPPORTED',
  });
  await expect(readText(page, { reader, signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'ABORTED' });
  await expect(readText(page, { reader: {} as TextReader })).rejects.toMatchObject({
    code: 'INVALID_ARGUMENT',
    message: expect.stringContaining('Expected reader from loadTextReader for reader but received'),
  });
});
