import type { ChildProcess } from 'node:child_process';
import { copyFileSync, mkdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { emptyFolder } from '../helpers/jupyter';
import { labCommand, startLab, stopServer } from '../helpers/lab';
import { writeNotebook } from '../helpers/notebooks';
import { projectRoot } from '../helpers/project';
import { openBrowser } from '../plot/page';

const CELLS = [
  "const level = widgets.slider({ label: 'level', min: 0, max: 10, value: 2 });\nlevel.onChange((value) => console.log('level is ' + value));\nlevel",
  "'level was ' + level.value",
  `const model = await loadModel('models/shapes_det_picodet', { engine: 'plain' });
const result = await predict(model, 'shapes.png', { threshold: 0.1 });
await widgets.interact(
  { threshold: widgets.slider({ label: 'threshold', value: 0.5, step: 0.05 }), legend: widgets.checkbox({ label: 'legend' }) },
  ({ threshold, legend }) => visualize('shapes.png', result, { threshold, legend }),
);`,
  `import { Figure } from 'paddlelab';
await widgets.interact({ bars: widgets.slider({ label: 'bars', min: 1, max: 5, value: 2 }) }, ({ bars }) => {
  const y = Array.from({ length: bars }, (_, i) => i + 1);
  return new Figure([{ type: 'bar', x: y.map(String), y }]);
});`,
  "const upload = widgets.upload({ label: 'Picture' });\nupload.onChange(async ([file]) => console.log(file.name, (await predict(model, file.bytes)).image.width));\nwidgets.hbox([upload, widgets.button({ label: 'Press' })])",
];

/** Pages render asynchronously. */
const SOON = { timeout: 30_000 };
const screenshots = path.join(projectRoot, 'out', 'screenshots');

const folder = emptyFolder();
let server: ChildProcess | undefined;
let browser: Browser | undefined;
let page: Page;
let url: string;

beforeAll(async () => {
  browser = await openBrowser();
  if (browser === undefined) return;
  mkdirSync(screenshots, { recursive: true });
  symlinkSync(path.join(projectRoot, 'notebooks/models'), path.join(folder, 'models'));
  copyFileSync(path.join(projectRoot, 'notebooks/images/shapes.png'), path.join(folder, 'shapes.png'));
  writeNotebook(path.join(folder, 'widgets.ipynb'), CELLS);
  const lab = await startLab(folder);
  server = lab.server;
  url = lab.pageOf('widgets.ipynb');
  page = await browser.newPage({ viewport: { width: 1280, height: 1600 } });
});
afterAll(async () => {
  await browser?.close();
  await stopServer(server);
});

const command = (name: string): Promise<unknown> => labCommand(page, name);
const output = (text: string | RegExp) => page.locator('.jp-OutputArea-output', { hasText: text });
const handle = (index: number) => page.locator('.jp-OutputArea .widget-slider .noUi-handle').nth(index);

async function open(): Promise<void> {
  await page.goto(url);
  await page.locator('.jp-Notebook .jp-CodeCell').first().waitFor();
  await page.locator('#jp-main-statusbar', { hasText: 'TypeScript (paddlelab) | Idle' }).waitFor();
}

/** The picture under the controls on the page. */
async function picture(): Promise<string> {
  const image = page.locator('.jp-CodeCell').nth(2).locator('.widget-vbox img');
  return (await image.first().getAttribute('src')) ?? '';
}

/** Focuses a slider and moves it by keyboard. */
async function press(index: number, key: string): Promise<void> {
  await handle(index).focus();
  await page.keyboard.press(key);
}

test('in JupyterLab widgets are shown, and moving a slider changes the output of its cell', async ({ skip }) => {
  if (browser === undefined) return skip('no browser');
  await open();
  await command('notebook:run-all-cells');
  await expect.poll(() => page.locator('.widget-slider').count(), SOON).toBe(3);
  await press(0, 'ArrowRight');
  await output('level is 3').waitFor();
  const rail = await page.locator('.widget-slider .noUi-target').first().boundingBox();
  if (rail === null) throw new Error('no slider');
  await page.mouse.click(rail.x + rail.width - 1, rail.y + rail.height / 2);
  await output('level is 10').waitFor();
  // Below its own cell, not elsewhere.
  await page.locator('.jp-CodeCell').first().locator('.jp-OutputArea-output', { hasText: 'level is 10' }).waitFor();
  await page.screenshot({ path: path.join(screenshots, 'widgets.png') });
}, 180_000);

test('a picture follows its controls', async ({ skip }) => {
  if (browser === undefined) return skip('no browser');
  await expect.poll(picture, SOON).toMatch(/^data:image\/png/);
  const before = await picture();
  await press(1, 'Home');
  await expect.poll(picture, SOON).not.toBe(before);
  await expect.poll(() => page.locator('.widget-readout').nth(1).textContent(), SOON).toBe('0.00');
}, 60_000);

test('a figure follows its slider, and can be zoomed still', async ({ skip }) => {
  if (browser === undefined) return skip('no browser');
  const bars = () => page.locator('.widget-vbox .js-plotly-plot .barlayer .point').count();
  await expect.poll(bars, SOON).toBe(2);
  await press(2, 'End');
  await expect.poll(bars, SOON).toBe(5);
}, 60_000);

test('a file is uploaded from the page to the cell', async ({ skip }) => {
  if (browser === undefined) return skip('no browser');
  const chooser = page.waitForEvent('filechooser');
  await page.locator('.widget-upload').click();
  await (await chooser).setFiles(path.join(folder, 'shapes.png'));
  await output(/shapes\.png \d+/).waitFor();
}, 60_000);

test('after a reload widgets are still shown, unchanged, and work', async ({ skip }) => {
  if (browser === undefined) return skip('no browser');
  await command('docmanager:save');
  await open();
  await expect.poll(() => page.locator('.widget-slider').count(), SOON).toBe(3);
  await expect.poll(() => page.locator('.widget-readout').first().textContent(), SOON).toBe('10');
  await expect.poll(() => page.locator('.widget-readout').nth(1).textContent(), SOON).toBe('0.00');
  const before = await picture();
  await press(1, 'End');
  await expect.poll(picture, SOON).not.toBe(before);
  await press(0, 'ArrowLeft');
  await expect.poll(() => page.locator('.widget-readout').first().textContent(), SOON).toBe('9');
  await page.locator('.jp-CodeCell').nth(1).click();
  await command('notebook:run-cell');
  await output("'level was 9'").waitFor();
  await page.screenshot({ path: path.join(screenshots, 'widgets-reloaded.png') });
}, 120_000);
