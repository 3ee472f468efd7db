import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Canvas } from '../../src/drawing/canvas';
import { modelsFolder } from '../../src/hub/store';
import type { KernelClient } from '../../src/repl/kernel-client';
import { makeFolder } from '../helpers/folders';
import { errorOf, resultText, runCell, startKernel } from '../helpers/jupyter';

const rounds = Number(process.env.INTERRUPT_ROUNDS ?? 12);
/** A small picture, so that many moments are in the middle of something. */
const note = path.join(makeFolder(), 'note.png');
const letter = JSON.stringify(note);

let kernel: KernelClient;
beforeAll(async () => {
  const [width, height] = [420, 120];
  const canvas = new Canvas({ width, height, data: new Uint8Array(width * height * 3).fill(255) });
  canvas.text('Call 4711 today', 40, 70, 32, [20, 20, 20]);
  await sharp(await canvas.render(), { raw: { width, height, channels: 3 } }).toFile(note);
  kernel = startKernel();
  await kernel.ready();
  const cell = `
    import { loadTextReader, readTextStream } from 'paddlelab';
    let kept = 0;
    const reader = await loadTextReader({ engine: 'onednn', preset: 'paddlex' });
    const expected = (await readText(${letter}, { reader })).text;`;
  expect(errorOf(await runCell(kernel, cell))?.evalue).toBeUndefined();
}, 300_000);
afterAll(() => kernel?.close());

const situations = [
  { name: 'pages of an array', code: `await readText(Array(500).fill(${letter}), { reader })` },
  {
    name: 'a stream of pages',
    code: `async function* ever() { for (;;) yield ${letter}; } for await (const page of readTextStream(ever(), { reader })) page.text;`,
  },
  { name: 'one page after the other', code: `for (;;) await readText(${letter}, { reader });` },
  { name: 'a page in tiles', code: `for (;;) await readText(${letter}, { reader, tiles: { size: 240 } });` },
];

/** Reproducible moments from 0 to `most` milliseconds. */
function* moments(most: number): Generator<number, never> {
  let state = 7;
  for (;;) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    yield (state / 2 ** 32) * most;
  }
}

async function interruptAfter(one: KernelClient, code: string, milliseconds: number): Promise<string | undefined> {
  const cell = runCell(one, code);
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
  await one.request('interrupt_request', {});
  return errorOf(await cell)?.ename;
}

test.each(situations)(
  `an interrupt ends $name at any moment, ${rounds} times; variables stay`,
  async ({ code }) => {
    const moment = moments(2500);
    for (let round = 0; round < rounds; round++) {
      const before = Number(resultText(await runCell(kernel, 'kept')));
      // Before the cell has begun, it is not there at all.
      expect(await interruptAfter(kernel, `kept++; ${code}`, moment.next().value), `round ${round}`).toBe(
        'Interrupted',
      );
      expect([before, before + 1]).toContain(Number(resultText(await runCell(kernel, 'kept'))));
    }
    const same = await runCell(kernel, `(await readText(${letter}, { reader })).text === expected`);
    expect(resultText(same), JSON.stringify(errorOf(same))).toBe('true');
  },
  600_000,
);

test('the first call, which fetches and loads the networks, can be interrupted and called again', async () => {
  const environment = { PADDLELAB_MODELS: makeFolder(), PADDLELAB_MODEL_SOURCE: modelsFolder(process.env) };
  const moment = moments(1500);
  const fresh = startKernel(undefined, environment);
  await fresh.ready();
  await runCell(fresh, 'let kept = 41;');
  for (let round = 0; round < 3; round++) {
    const ended = await interruptAfter(fresh, `await readText(${letter})`, moment.next().value);
    expect(ended, `round ${round}`).toBe('Interrupted');
    expect(resultText(await runCell(fresh, 'kept'))).toBe('41');
  }
  const page = await runCell(fresh, `(await readText(${letter})).lines.length === 1`);
  expect(resultText(page), JSON.stringify(errorOf(page))).toBe('true');
  await fresh.close();
}, 600_000);
