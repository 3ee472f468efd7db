import type { ChildProcess } from 'node:child_process';
import { copyFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runNotebook } from '../../src/dev/run-notebook';
import { emptyFolder } from '../helpers/jupyter';
import { labCommand, startLab, stopServer } from '../helpers/lab';
import { writeNotebook } from '../helpers/notebooks';
import { projectRoot } from '../helpers/project';
import { openBrowser } from '../plot/page';

const screenshots = path.join(projectRoot, 'out', 'screenshots');

/** A made result, so that no networks are needed: two slanted lines. */
const cells = [
  `import { textPage, type TextLine, type TextResult } from 'paddlelab';
const line = (text: string, top: number): TextLine => {
  const corners = (left: number, right: number): [number, number][] =>
    [[left, top + left / 20], [right, top + right / 20], [right, top + 24 + right / 20], [left, top + 24 + left / 20]];
  const characters = [...text].map((letter, i) => ({ text: letter, score: 0.9, polygon: corners(20 + 12 * i, 32 + 12 * i) }));
  return { polygon: corners(20, 20 + 12 * text.length), text, score: 0.9, detectionScore: 0.8, characters };
};
const lines = [line('Total 12 & more', 40), line('<b>second</b>', 80)];
const page: TextResult = {
  kind: 'text', image: { width: 320, height: 240 }, labels: [], threshold: 0.5, lines, text: lines.map(({ text }) => text).join('\\n'),
  timings: { decodeMs: 0, preprocessMs: 0, inferenceMs: 0, postprocessMs: 0 },
};
await textPage('shapes.png', page)`,
];

let browser: Browser | undefined;
let server: ChildProcess | undefined;
let url: string;
let html: string;

beforeAll(async () => {
  browser = await openBrowser();
  if (browser === undefined) return;
  mkdirSync(screenshots, { recursive: true });
  const folder = emptyFolder();
  copyFileSync(path.join(projectRoot, 'notebooks/images/shapes.png'), path.join(folder, 'shapes.png'));
  const source = writeNotebook(path.join(folder, 'source.ipynb'), cells);
  const executed = await runNotebook(source, { outDir: emptyFolder(), onProgress: () => {} });
  html = executed.html;
  copyFileSync(executed.notebook, path.join(folder, 'page.ipynb'));
  const lab = await startLab(folder);
  server = lab.server;
  url = lab.pageOf('page.ipynb');
}, 180_000);
afterAll(async () => {
  await browser?.close();
  await stopServer(server);
});

/** What is selected after dragging the mouse over all lines. */
async function dragOver(page: Page, texts: Locator): Promise<string> {
  const boxes = [await texts.first().boundingBox(), await texts.last().boundingBox()];
  const [from, to] = boxes;
  if (!from || !to) throw new Error('Expected visible lines');
  await page.mouse.move(from.x + 3, from.y + from.height / 2);
  await page.mouse.down();
  await page.mouse.move(from.x + from.width / 2, from.y + from.height / 2, { steps: 4 });
  await page.mouse.move(to.x + to.width - 3, to.y + to.height / 2, { steps: 8 });
  await page.mouse.up();
  return page.evaluate(() => String((globalThis as unknown as { getSelection(): unknown }).getSelection()));
}

test('nbconvert shows text and score of a line under the mouse, and its text can be selected', async ({ skip }) => {
  if (browser === undefined) return skip('no browser');
  const page = await browser.newPage({ viewport: { width: 1000, height: 800 } });
  await page.goto(pathToFileURL(html).href);
  const lines = page.locator('.paddlelab-line');
  expect(await lines.evaluateAll((all) => all.map((one) => one.getAttribute('title')))).toEqual([
    'Total 12 & more  (0.900)',
    '<b>second</b>  (0.900)',
  ]);
  await lines.first().locator('text').hover();
  const selected = await dragOver(page, lines.locator('text'));
  expect(selected.split('\n')).toEqual(['Total 12 & more', '<b>second</b>']);
  await page.screenshot({ path: path.join(screenshots, 'text-page.png') });
  await page.locator('summary').click();
  await page.locator('details pre').click();
  const all = await page.evaluate(() => String((globalThis as unknown as { getSelection(): unknown }).getSelection()));
  expect(all.trim()).toBe('Total 12 & more\n<b>second</b>');
}, 60_000);

test('it fits a phone, in light and in dark', async ({ skip }) => {
  if (browser === undefined) return skip('no browser');
  for (const colorScheme of ['light', 'dark'] as const) {
    const page = await browser.newPage({ viewport: { width: 390, height: 700 }, colorScheme });
    await page.goto(pathToFileURL(html).href);
    const [picture, line] = [page.locator('.paddlelab-page img'), page.locator('.paddlelab-line').first()];
    const [outer, inner] = [await picture.boundingBox(), await line.boundingBox()];
    expect(outer?.width).toBeLessThan(390);
    // The line begins at 20 of 320 pixels.
    expect(((inner?.x ?? 0) - (outer?.x ?? 0)) / (outer?.width ?? 1)).toBeCloseTo(20 / 320, 2);
    await page.screenshot({ path: path.join(screenshots, `text-page-phone-${colorScheme}.png`) });
    await page.close();
  }
}, 60_000);

test('JupyterLab shows the lines of a notebook that it does not trust, and of one that was run', async ({ skip }) => {
  if (browser === undefined) return skip('no browser');
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  await page.goto(url);
  const lines = page.locator('.jp-OutputArea-output .paddlelab-line');
  await lines.first().waitFor({ timeout: 60_000 });
  // Without the SVG, but where the lines are, with their text.
  expect(await lines.locator('svg').count()).toBe(0);
  expect(await lines.first().getAttribute('title')).toBe('Total 12 & more  (0.900)');
  expect(await lines.allTextContents()).toEqual(['Total 12 & more', '<b>second</b>']);
  await page.screenshot({ path: path.join(screenshots, 'text-page-untrusted.png') });
  await page.locator('#jp-main-statusbar', { hasText: 'TypeScript (paddlelab) | Idle' }).waitFor();
  await labCommand(page, 'notebook:run-all-cells');
  await lines.locator('svg').first().waitFor({ timeout: 30_000 });
  await page.screenshot({ path: path.join(screenshots, 'text-page-run.png') });
  expect((await dragOver(page, lines.locator('text'))).split('\n')).toEqual(['Total 12 & more', '<b>second</b>']);
}, 120_000);
