import type { ChildProcess } from 'node:child_process';
import { copyFileSync, existsSync, readFileSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { emptyFolder } from '../helpers/jupyter';
import { labCommand, startLab } from '../helpers/lab';
import { writeNotebook } from '../helpers/notebooks';
import { projectRoot } from '../helpers/project';

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);
if (CHROMIUM === undefined) process.stderr.write('SKIPPED: JupyterLab in a browser, because there is no Chromium\n');

const CELLS = [
  "const model = await loadModel('models/shapes_det_picodet', { engine: 'plain' });\nconst result = await predict(model, 'shapes.png');\nawait visualize('shapes.png', result)",
  "({ name: 'wave', dtype: 'float32', shape: [40, 40], data: Float32Array.from({ length: 1600 }, (_, i) => Math.sin(i / 99)) })",
  "import { Figure, plotResult } from 'paddlelab';\nawait plotResult('shapes.png', result)",
  "new Figure([{ type: 'bar', x: ['plain', 'onednn'], y: [61, 40] }])",
  "for (const item of progress([1, 2, 3], { label: 'work' })) console.log('item ' + item);",
  "'the last cell'",
];

/** Pages render asynchronously. */
const SOON = { timeout: 30_000 };

describe.skipIf(CHROMIUM === undefined)('JupyterLab in a browser', () => {
  const folder = emptyFolder();
  const notebook = path.join(folder, 'lab.ipynb');
  let server: ChildProcess;
  let browser: Browser;
  let page: Page;
  let url: string;

  beforeAll(async () => {
    symlinkSync(path.join(projectRoot, 'notebooks/models'), path.join(folder, 'models'));
    copyFileSync(path.join(projectRoot, 'notebooks/images/shapes.png'), path.join(folder, 'shapes.png'));
    writeNotebook(notebook, CELLS);
    const lab = await startLab(folder);
    server = lab.server;
    url = lab.pageOf('lab.ipynb');
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
    page = await browser.newPage();
  });
  afterAll(async () => {
    await browser?.close();
    server?.kill('SIGINT');
  });

  const command = (name: string, options: object = {}): Promise<unknown> => labCommand(page, name, options);
  const output = (text: string | RegExp) => page.locator('.jp-OutputArea-output', { hasText: text });

  async function open(): Promise<void> {
    await page.goto(url);
    await page.locator('.jp-Notebook .jp-CodeCell').first().waitFor();
    await page.locator('#jp-main-statusbar', { hasText: 'TypeScript (paddlelab) | Idle' }).waitFor();
  }

  /** The boxes over the picture, and the bars. */
  async function showsCharts(): Promise<void> {
    await expect.poll(() => page.locator('.js-plotly-plot .imagelayer image').count(), SOON).toBe(1);
    const boxes = page.locator('.js-plotly-plot').first().locator('.scatterlayer .trace .js-fill');
    await expect.poll(() => boxes.count(), SOON).toBeGreaterThan(1);
    await expect.poll(() => page.locator('.js-plotly-plot .barlayer .point').count(), SOON).toBe(2);
  }

  test('runs all cells: boxes on a picture, a heat map, charts, progress in place, printed lines', async () => {
    await open();
    await command('notebook:run-all-cells');
    await output('the last cell').waitFor();
    const pictures = page.locator('.jp-OutputArea-output img');
    await expect.poll(() => pictures.count(), SOON).toBe(2);
    const widths = () =>
      pictures.evaluateAll((images) =>
        images.map((image) => (image as unknown as { naturalWidth: number }).naturalWidth),
      );
    await expect.poll(async () => (await widths()).every((width) => width > 100), SOON).toBe(true);
    await showsCharts();
    expect(await page.locator('progress').count()).toBe(1);
    await output('item 3').waitFor();
  });

  test('completes a name by Tab', async () => {
    await command('notebook:insert-cell-below');
    await command('notebook:enter-edit-mode');
    await page.keyboard.type('compareBack');
    await page.keyboard.press('Tab');
    const completed = page.locator('.jp-Notebook .cm-content', { hasText: 'compareBackends' });
    const listed = page.locator('.jp-Completer-item', { hasText: 'compareBackends' });
    await completed.or(listed).first().waitFor();
    if (await listed.isVisible()) await page.keyboard.press('Enter');
    await completed.waitFor();
  });

  test('interrupts a loop and keeps variables', async () => {
    await page.keyboard.press('Control+A');
    await page.keyboard.type("console.log('looping'); for (;;) ;");
    // Settles when the cell has ended.
    const ran = command('notebook:run-cell');
    await page.locator('.jp-OutputArea-output', { hasText: /^\s*looping\s*$/ }).waitFor();
    await command('notebook:interrupt-kernel');
    await output('Interrupted').first().waitFor();
    await ran;
    await command('notebook:insert-cell-below');
    await command('notebook:enter-edit-mode');
    await page.keyboard.type('result.detections.length * 1000');
    await command('notebook:run-cell');
    await output(/^\s*\d+000\s*$/).waitFor();
  });

  test('saves, and is unchanged after a reload', async () => {
    await command('docmanager:save');
    const saved = JSON.parse(readFileSync(notebook, 'utf8'));
    const types = saved.cells.flatMap((cell: { outputs: { data?: object }[] }) =>
      cell.outputs.flatMap(({ data = {} }) => Object.keys(data)),
    );
    expect(types.filter((type: string) => type === 'image/png')).toHaveLength(4);
    expect(types.filter((type: string) => type === 'text/plain').length).toBeGreaterThan(4);
    await open();
    await output('the last cell').waitFor();
    await page.locator('.jp-OutputArea-output img').nth(1).waitFor();
    await showsCharts();
  });
});
