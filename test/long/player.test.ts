import { type ChildProcess, execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { hasFfmpeg } from '../helpers/ffmpeg';
import { emptyFolder } from '../helpers/jupyter';
import { labCommand, startLab, stopServer } from '../helpers/lab';
import { writeNotebook } from '../helpers/notebooks';
import { projectRoot } from '../helpers/project';
import { openBrowser } from '../plot/page';

const CELLS = [
  `import { previewVideo } from 'paddlelab';
const model = await loadModel('models/shapes_det_picodet', { engine: 'plain' });
const player = await previewVideo(model, 'shapes.mp4');
'frames: ' + player.count`,
];
/** Pages render asynchronously. */
const SOON = { timeout: 30_000 };
const screenshots = path.join(projectRoot, 'out', 'screenshots');
const folder = emptyFolder();
let server: ChildProcess | undefined;
let browser: Browser | undefined;
let page: Page;

beforeAll(async () => {
  browser = hasFfmpeg('the player in JupyterLab') ? await openBrowser() : undefined;
  if (browser === undefined) return;
  mkdirSync(screenshots, { recursive: true });
  symlinkSync(path.join(projectRoot, 'notebooks/models'), path.join(folder, 'models'));
  const picture = [
    '-loop',
    '1',
    '-framerate',
    '5',
    '-t',
    '60',
    '-i',
    path.join(projectRoot, 'notebooks/images/shapes.png'),
  ];
  const moved = ['-vf', 'scale=640:-2,scroll=horizontal=0.02', '-pix_fmt', 'yuv420p', path.join(folder, 'shapes.mp4')];
  execFileSync('ffmpeg', ['-v', 'error', ...picture, ...moved]);
  writeNotebook(path.join(folder, 'player.ipynb'), CELLS);
  const lab = await startLab(folder);
  server = lab.server;
  page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  await page.goto(lab.pageOf('player.ipynb'));
  await page.locator('#jp-main-statusbar', { hasText: 'TypeScript (paddlelab) | Idle' }).waitFor();
});
afterAll(async () => {
  await browser?.close();
  await stopServer(server);
});

const line = async (): Promise<string> => (await page.locator('.widget-label').last().textContent()) ?? '';
const picture = async (): Promise<string> => (await page.locator('.widget-image').first().getAttribute('src')) ?? '';

test('frames are shown as they come; pause, the slider and continue work, and the last frame is saved', {
  timeout: 240_000,
}, async ({ skip }) => {
  if (browser === undefined) return skip('no browser or no ffmpeg');
  // The command ends with the cell.
  const ran = labCommand(page, 'notebook:run-all-cells');
  await page.locator('.widget-image').waitFor(SOON);
  await expect.poll(line, SOON).toMatch(/^\d+ of \d+ · \d+\.\d s$/);
  await page.getByRole('button', { name: 'Pause' }).click();
  await page.getByRole('button', { name: 'Continue' }).waitFor();
  const paused = await line();
  await page.locator('.widget-slider .noUi-handle').focus();
  await page.keyboard.press('Home');
  await expect.poll(line, SOON).toMatch(/^1 of \d+ · 0\.0 s$/);
  const first = await picture();
  await page.screenshot({ path: path.join(screenshots, 'player.png') });
  await page.keyboard.press('End');
  await expect.poll(line, SOON).not.toMatch(/^1 of/);
  await expect.poll(picture, SOON).not.toBe(first);
  expect(Number(paused.split(' ')[0])).toBeLessThan(300);
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('button', { name: 'Pause' }).waitFor();
  await page.getByRole('button', { name: 'Stop' }).click();
  await page.locator('.jp-OutputArea-output', { hasText: /frames: \d+/ }).waitFor(SOON);
  await ran;
  await page.screenshot({ path: path.join(screenshots, 'player-ended.png') });
  await labCommand(page, 'docmanager:save');
  const saved = (): string => readFileSync(path.join(folder, 'player.ipynb'), 'utf8');
  await expect.poll(saved, SOON).toMatch(/data:image\/jpeg;base64,/);
});
