import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { inspect } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  loadTextReader,
  type RgbImage,
  readText,
  readTextStream,
  type TextReader,
  type TextReaderOptions,
  type TextResult,
  textPage,
  toHocr,
  toTsv,
  visualizeText,
} from '../../src';
import { jupyterDisplay, type MimeBundle } from '../../src/display/display';
import { Canvas } from '../../src/drawing/canvas';
import { encodePng } from '../../src/drawing/png';
import { makeFolder } from '../helpers/folders';
import { projectRoot } from '../helpers/project';

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

test('lines that are upside down are turned if a network finds them, and their characters lie where they are', async () => {
  const turned = turnedRight(turnedRight(page));
  await using turning = await loadTextReader({
    ...{ detection: reader.detection, recognition: reader.recognition, orientation: 'ch_ppocr_mobile_v2.0_cls' },
    engine: 'plain',
  });
  expect(inspect(turning)).toBe(
    'TextReader (PP-OCRv4_mobile_det on plain, PP-OCRv4_mobile_rec on plain, ch_ppocr_mobile_v2.0_cls on plain)',
  );
  const { lines } = await readText(turned, { reader: turning });
  expect(lines.map(({ text }) => bare(text)).sort()).toEqual(written.map(bare).sort());
  for (const { characters } of lines) {
    // From the right to the left of the page.
    const starts = characters.map(({ polygon }) => polygon[0]?.[0] ?? 0);
    expect(starts).toEqual([...starts].sort((a, b) => b - a));
  }
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

test('hOCR has what its specification asks for: baselines of slanted lines, angles of vertical ones, boxes in the page', () => {
  const at = (x: number, y: number): readonly [number, number] => [x, y];
  const lineOf = (corners: TextResult['lines'][number]['polygon']): TextResult['lines'][number] => {
    const character = { text: 'a', score: 0.876, polygon: corners };
    return { polygon: corners, text: 'a', score: 0.9, detectionScore: 0.9, characters: [character] };
  };
  const slanted = lineOf([at(10, 10), at(110, 20), at(108, 40), at(8, 30)]);
  // Read from top to bottom, and reaching out of the page.
  const vertical = lineOf([at(200, 10), at(200, 90), at(180, 90), at(180, -2)]);
  const made = { ...result, image: { width: 190, height: 100 }, lines: [slanted, vertical] };
  const hocr = toHocr([made, made]);
  expect(hocr).toContain('<meta name="ocr-number-of-pages" content="2"/>');
  expect(hocr).toMatch(/<meta name="ocr-system" content="paddlelab \d/);
  expect(hocr).toContain('class="ocr_line" id="line_1_1" title="bbox 8 10 110 40; baseline 0.1 -10"');
  expect(hocr).toContain('title="bbox 180 0 190 90; textangle 270.00"');
  expect(hocr).toContain('title="bbox 8 10 110 40; x_wconf 88">a</span>');
  expect(hocr.match(/class="ocr_par" id="par_[12]_\d" title="bbox \d+ \d+ \d+ \d+"/g)?.length).toBeGreaterThan(1);
});

test('a page in a cell is its picture with the text over it if it was read from a file, else a table', async () => {
  const html = async (shown: TextResult): Promise<string> => {
    const show = (shown as unknown as Record<symbol, () => Promise<MimeBundle>>)[
      jupyterDisplay
    ] as () => Promise<MimeBundle>;
    return String((await show())['text/html']);
  };
  expect(await html(result)).not.toContain('<img');
  expect(await html(result)).toContain('user-select:all');
  const file = path.join(makeFolder(), 'page.png');
  await writeFile(file, await encodePng(page));
  const read = await readText(file, { reader });
  const shown = await html(read);
  expect(shown).toContain('src="data:image/webp;base64,');
  expect(shown.match(/class="paddlelab-line" title="/g)).toHaveLength(written.length);
  expect(shown).not.toContain('<script');
  await rm(file);
  expect(await html(read)).toContain('No picture: ');
});

test('a page is saved as one HTML file; an image of another size is refused', async () => {
  const shown = await textPage(page, result);
  expect(String(shown)).toBe(`TextPage 640×226 (${written.length} lines of text)`);
  const saved = await readFile(await shown.save(path.join(makeFolder(), 'page.html')), 'utf8');
  expect(saved).toMatch(/^<!doctype html>[\s\S]*<title>page.html<\/title>[\s\S]*textLength="/);
  await expect(shown.save('page.pdf')).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  await expect(textPage(turnedRight(page), result)).rejects.toThrow(
    'Expected image of 640×226 pixels, the size of the result for image but received "226×640"',
  );
});

test('the picture has the page at the left and its text at the right', async () => {
  const picture = await visualizeText(page, result);
  expect(picture.width).toBeGreaterThan(2 * page.width - 1);
  expect(picture.height).toBeGreaterThanOrEqual(page.height);
});

test.each([
  [
    'a recogniser as detector, by name',
    { detection: 'PP-OCRv4_mobile_rec' },
    /^Expected a model for text-detection but .*PP-OCRv4_mobile_rec is for text-recognition$/,
  ],
  [
    'a detector as recogniser, by name',
    { recognition: 'PP-OCRv4_mobile_det' },
    /^Expected a model for text-recognition but .*PP-OCRv4_mobile_det is for text-detection$/,
  ],
  [
    'a classifier as detector',
    { detection: 'ch_ppocr_mobile_v2.0_cls' },
    /^Expected a model for text-detection but .*ch_ppocr_mobile_v2.0_cls is for classification$/,
  ],
  [
    'a detector as orientation',
    { orientation: 'PP-OCRv4_mobile_det' },
    /^Expected a model for classification but .*PP-OCRv4_mobile_det is for text-detection$/,
  ],
] as const)('a network of another task is refused: %s', async (_, options, message) => {
  const failure = loadTextReader({ engine: 'plain', ...options });
  await expect(failure).rejects.toMatchObject({ code: 'MODEL_UNSUPPORTED', message: expect.stringMatching(message) });
});

test('a loaded network of another task is refused', async () => {
  const wrong = { detection: reader.recognition } as unknown as TextReaderOptions;
  await expect(loadTextReader(wrong)).rejects.toMatchObject({
    code: 'MODEL_UNSUPPORTED',
    message: expect.stringMatching(
      /^Expected a model for text-detection as detection but .*PP-OCRv4_mobile_rec is for text-recognition$/,
    ),
  });
});

test('an abort gives up, and something else than a reader is refused', async () => {
  await expect(readText(page, { reader, signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'ABORTED' });
  await expect(readText(page, { reader: {} as TextReader })).rejects.toMatchObject({
    code: 'INVALID_ARGUMENT',
    message: expect.stringContaining('Expected reader from loadTextReader for reader but received'),
  });
});

// 22 pixels high, drawn; text and score are those of RapidOCR 1.4.5 with the same networks. Cut out of the image itself, the line
// had 0.9974.
test('a line in an image of less than 30 pixels is cut out of the enlarged one, as by RapidOCR', async () => {
  await using rapidOcr = await loadTextReader({ engine: 'plain' });
  const { lines } = await readText(path.join(projectRoot, 'test/golden/low-line.png'), { reader: rapidOcr });
  expect(lines.map(({ text }) => text)).toEqual(['陶唐吊民伐罪周发']);
  expect(lines[0]?.score).toBeCloseTo(0.98949, 3);
});
