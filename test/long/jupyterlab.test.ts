import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runNotebook } from '../../src/dev/run-notebook';
import { emptyFolder, jupyterEnv } from '../helpers/jupyter';
import { portOf, stopServer } from '../helpers/lab';
import { writeNotebook } from '../helpers/notebooks';
import { projectRoot } from '../helpers/project';
import { openBrowser } from '../plot/page';

/** Pages render asynchronously. */
const SOON = { timeout: 30_000 };

const screenshots = path.join(projectRoot, 'out', 'screenshots');

/** A synthetic result with scores on both sides of 0.5, so that no model has to be loaded. */
const cells = [
  `import { plotResult, plotScores, type InstanceSegmentationResult } from 'paddlelab';
const box = (index: number) => [20 + 90 * index, 40, 90 + 90 * index, 180] as const;
const data = new Uint8Array(320 * 240);
for (let y = 60; y < 160; y++) data.fill(1, y * 320 + 30, y * 320 + 80);
const { encodeRle } = await import('paddlelab');
const mask = encodeRle({ width: 320, height: 240, data });
const made: InstanceSegmentationResult = {
  kind: 'instance-segmentation', image: { width: 320, height: 240 }, threshold: 0, labels: ['circle', 'star'],
  timings: { decodeMs: 1, preprocessMs: 1, inferenceMs: 1, postprocessMs: 1 },
  detections: [0.9, 0.6, 0.3].map((score, index) => {
    return { classId: index % 2, label: ['circle', 'star'][index % 2], score, box: box(index), mask };
  }),
};
await plotResult('shapes.png', made)`,
  'plotScores(made)',
];

let browser: Browser | undefined;
let folder: string;
let executed: { notebook: string; html: string };

beforeAll(async () => {
  browser = await openBrowser();
  if (browser === undefined) return;
  mkdirSync(screenshots, { recursive: true });
  folder = emptyFolder();
  copyFileSync(path.join(projectRoot, 'notebooks/images/shapes.png'), path.join(folder, 'shapes.png'));
  const source = writeNotebook(path.join(folder, 'source.ipynb'), cells);
  executed = await runNotebook(source, { outDir: emptyFolder(), onProgress: () => {} });
  copyFileSync(executed.notebook, path.join(folder, 'trusted.ipynb'));
  // Trust depends on the content, so the other notebook has to differ.
  const other = JSON.parse(readFileSync(executed.notebook, 'utf8'));
  other.cells.push({ cell_type: 'markdown', id: 'end', metadata: {}, source: 'The end.' });
  writeFileSync(path.join(folder, 'untrusted.ipynb'), JSON.stringify(other));
}, 120_000);
afterAll(async () => await browser?.close());

/** Runs JupyterLab in the folder during the work. */
async function withJupyterLab(work: (url: string) => Promise<void>): Promise<void> {
  const { env, variables } = await jupyterEnv();
  const places = Object.fromEntries(
    ['JUPYTER_CONFIG_DIR', 'JUPYTER_DATA_DIR', 'JUPYTERLAB_SETTINGS_DIR', 'JUPYTERLAB_WORKSPACES_DIR', 'HOME'].map(
      (name) => {
        const own = path.join(folder, `.${name}`);
        mkdirSync(own, { recursive: true });
        return [name, own];
      },
    ),
  );
  const all = { ...variables, ...places };
  const trust = spawn(env.jupyter, ['trust', 'trusted.ipynb'], { cwd: folder, env: all, stdio: 'ignore' });
  expect((await once(trust, 'exit'))[0]).toBe(0);
  const args = [
    'lab',
    '--no-browser',
    '--allow-root',
    '--port=0',
    '--IdentityProvider.token=',
    `--ServerApp.root_dir=${folder}`,
  ];
  const server = spawn(env.jupyter, args, { cwd: folder, env: all, stdio: ['ignore', 'ignore', 'pipe'] });
  try {
    await work(`http://127.0.0.1:${await portOf(server, 'JupyterLab')}`);
  } finally {
    await stopServer(server);
  }
}

async function openPage(): Promise<{ page: Page; requests: string[] }> {
  const context = await (browser as Browser).newContext({ viewport: { width: 1280, height: 2200 } });
  const page = await context.newPage();
  const requests: string[] = [];
  page.on('request', (request) => requests.push(request.url()));
  return { page, requests };
}

/** Number of visible objects: areas with a non-transparent trace. */
async function visibleAreas(page: Page): Promise<number> {
  const traces = page.locator('.js-plotly-plot .scatterlayer .trace:has(.js-fill)');
  const opacities = await traces.evaluateAll((nodes) =>
    nodes.map((node) => node.computedStyleMap().get('opacity')?.toString()),
  );
  return opacities.filter((opacity) => opacity !== '0').length;
}

test('a saved notebook, opened again in JupyterLab: trusted it is interactive, untrusted it shows the picture', async ({
  skip,
}) => {
  if (browser === undefined) return skip('no browser');
  await withJupyterLab(async (url) => {
    const { page, requests } = await openPage();
    await page.goto(`${url}/lab/tree/trusted.ipynb?reset`);
    await page.locator('.js-plotly-plot .slider-group').first().waitFor({ timeout: 60_000 });
    // Both charts, although only the first includes Plotly; and the picture behind the boxes.
    await expect.poll(() => page.locator('.js-plotly-plot').count(), SOON).toBe(2);
    await expect.poll(() => page.locator('.js-plotly-plot .imagelayer image').count(), SOON).toBe(1);
    await expect.poll(() => visibleAreas(page), SOON).toBe(3);
    await page.screenshot({ path: path.join(screenshots, 'jupyterlab-trusted.png') });

    const rail = await page.locator('.slider-rail-touch-rect').first().boundingBox();
    if (rail === null) throw new Error('no slider');
    await page.mouse.click(rail.x + rail.width * 0.5, rail.y + rail.height / 2);
    await expect.poll(() => visibleAreas(page), SOON).toBe(2);
    await page.mouse.click(rail.x + rail.width * 0.8, rail.y + rail.height / 2);
    await expect.poll(() => visibleAreas(page), SOON).toBe(1);
    await page.screenshot({ path: path.join(screenshots, 'jupyterlab-threshold.png') });
    expect(requests.filter((request) => !request.startsWith(url) && !/^(data|blob):/.test(request))).toEqual([]);

    const other = await openPage();
    await other.page.goto(`${url}/lab/tree/untrusted.ipynb?reset`);
    await other.page.locator('.jp-OutputArea-output img').first().waitFor({ timeout: 60_000 });
    expect(await other.page.locator('.js-plotly-plot').count()).toBe(0);
    await other.page.screenshot({ path: path.join(screenshots, 'jupyterlab-untrusted.png') });
  });
}, 180_000);

test('nbconvert’s page is interactive, and shows the picture without scripts', async ({ skip }) => {
  if (browser === undefined) return skip('no browser');
  const page = pathToFileURL(executed.html).href;
  const { page: live } = await openPage();
  await live.goto(page);
  await live.locator('.js-plotly-plot').nth(1).waitFor();
  await live.screenshot({ path: path.join(screenshots, 'nbconvert.png') });
  const still = await browser.newContext({ javaScriptEnabled: false });
  const plain = await still.newPage();
  await plain.goto(page);
  const picture = plain.locator('.jp-OutputArea-output img').first();
  expect((await picture.getAttribute('src'))?.startsWith('data:image/png')).toBe(true);
  await plain.screenshot({ path: path.join(screenshots, 'nbconvert-no-script.png') });
}, 60_000);
