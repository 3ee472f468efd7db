import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadTextReader, type RgbImage, readText, type TextReader } from '../../src';
import { Canvas } from '../../src/drawing/canvas';
import { editDistance } from '../../src/metrics/edit-distance';

type Text = readonly [text: string, left: number, baseline: number, size: number];

async function draw(width: number, height: number, texts: readonly Text[]): Promise<RgbImage> {
  const canvas = new Canvas({ width, height, data: new Uint8Array(width * height * 3).fill(255) });
  for (const [text, left, baseline, size] of texts) canvas.text(text, left, baseline, size, [20, 20, 20]);
  return { width, height, data: await canvas.render() };
}

const bare = (text: string): string => text.replace(/\s+/g, '');
const words = 'the quick brown fox jumps over a lazy dog while seven wizards mix potions'.split(' ');

let state = 0;
function word(): string {
  state = (state * 7 + 3) % 1009;
  return `${words[state % words.length]}${state % 10}`;
}

/** Words with numbers, so that hardly two lines are the same. */
function line(count: number): string {
  return Array.from({ length: count }, word).join(' ');
}

let reader: TextReader;
beforeAll(async () => {
  reader = await loadTextReader({ engine: 'onednn' });
});
afterAll(() => reader?.dispose());

/** What was drawn but not read, and what was read but not drawn. */
async function differences(page: RgbImage, texts: readonly Text[]): Promise<object> {
  const { lines, tiles } = await readText(page, { reader });
  const left = lines.map(({ text }) => bare(text));
  const missing = texts
    .map(([text]) => bare(text))
    .filter((text) => {
      const at = left.indexOf(text);
      if (at >= 0) left.splice(at, 1);
      return at < 0;
    });
  process.stderr.write(`paddlelab: ${page.width}×${page.height}, ${tiles?.count} tiles, ${texts.length} lines\n`);
  return { missing, others: left };
}

test('a scan of 20 000 pixels: small letters, lines over the borders of tiles, and a headline higher than a tile’s overlap', async () => {
  const texts: Text[] = [['HEADLINE', 300, 900, 400]];
  for (let y = 1300; y < 19_900; y += 620) {
    for (const [i, size] of [16, 22, 30].entries()) texts.push([line(5), 60 + i * 900 + (y % 251), y + 7 * i, size]);
  }
  const page = await draw(2900, 20_000, texts);
  expect(await differences(page, texts)).toEqual({ missing: [], others: [] });
});

test('a screenshot of 900×20 000 pixels, line by line', async () => {
  const texts = Array.from({ length: 140 }, (_, i): Text => [line(7), 30, 60 + 142 * i, 16]);
  expect(await differences(await draw(900, 20_000, texts), texts)).toEqual({ missing: [], others: [] });
});

test('a ticker of 20 000×60 pixels: one line, but where the network itself sees a gap', async () => {
  const text = line(150);
  const { lines, tiles } = await readText(await draw(20_000, 60, [[text, 20, 42, 34]]), { reader });
  process.stderr.write(`paddlelab: ${tiles?.count} tiles, ${lines.length} lines\n`);
  expect(lines.length).toBeLessThanOrEqual(3);
  const read = bare(lines.map((one) => one.text).join(''));
  expect(editDistance(read, bare(text))).toBeLessThanOrEqual(3);
});
