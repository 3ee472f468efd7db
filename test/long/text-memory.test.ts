import { expect, test } from 'vitest';
import { loadTextReader, type RgbImage, readTextStream, type TextReader } from '../../src';
import { Canvas } from '../../src/drawing/canvas';

const words = 'the quick brown fox jumps over a lazy dog while seven wizards mix potions'.split(' ');

/** A repeatable sequence of whole numbers below a limit. */
function numbers(): (limit: number) => number {
  let state = 1;
  return (limit) => {
    state = (state * 16_807) % 2_147_483_647;
    return state % limit;
  };
}

/** Pages that differ in their size, the number of their lines, and the lines' length and height. */
async function* pages(count: number): AsyncGenerator<RgbImage> {
  const next = numbers();
  for (let n = 0; n < count; n++) {
    const [width, height] = [300 + next(900), 200 + next(600)];
    const canvas = new Canvas({ width, height, data: new Uint8Array(width * height * 3).fill(255) });
    for (let y = 40; y < Math.min(height - 20, 260); y += 46) {
      const text = Array.from({ length: 1 + next(12) }, () => words[next(words.length)]).join(' ');
      canvas.text(text, 10, y, 16 + next(14), [20, 20, 20]);
    }
    yield { width, height, data: await canvas.render() };
  }
}

const engine = process.arch === 'x64' ? (['openvino', 'onednn'] as const) : (['plain'] as const);

test.each(engine)('a thousand pages of all sizes, with engine %s', { timeout: 3_600_000 }, async (name) => {
  await using reader: TextReader = await loadTextReader({ engine: name, threads: 2 });
  const memory: number[] = [];
  let [read, lines] = [0, 0];
  for await (const page of readTextStream(pages(1000), { reader })) {
    lines += page.lines.length;
    if (++read % 100 === 0) memory.push(Math.round(process.memoryUsage().rss / 2 ** 20));
  }
  process.stderr.write(`paddlelab: ${lines} lines; MB after each 100 pages: ${memory.join(', ')}\n`);
  expect(lines).toBeGreaterThan(3000);
  // The engines keep what they prepared for the last shapes: full after some hundred pages.
  const [half, end] = [Math.max(...memory.slice(3, 5)), Math.max(...memory.slice(8))];
  expect(end).toBeLessThan(1.05 * half);
});
