import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePort } from '../helpers/free-port';
import { emptyFolder, jupyterEnv } from '../helpers/jupyter';
import { labCommand, portOf, startLab, stopServer } from '../helpers/lab';
import { projectRoot } from '../helpers/project';
import { pythonTool } from '../helpers/python-tool';
import { openBrowser } from '../plot/page';

/** Of one step in the page, on a busy machine. */
const PATIENCE = 120_000;

/** The kernel, the lesson's models and its pictures are at the gateway; JupyterLab has nothing but the notebook. */
const lessons = path.join(projectRoot, 'notebooks');
const folder = emptyFolder();
const notebook = path.join(folder, 'lesson.ipynb');
/** Says whose kernel runs. */
const where = '[process.env.KERNEL_GATEWAY, process.cwd()]';

let gateway: ChildProcess | undefined;
let lab: ChildProcess | undefined;
let browser: Browser | undefined;
let page: Page;
let url: string;

beforeAll(async () => {
  const program = await pythonTool('jupyter-kernelgateway', ['jupyter-kernel-gateway==3.0.1']);
  browser = program === undefined ? undefined : await openBrowser();
  if (program === undefined || browser === undefined) return;
  const lesson = JSON.parse(readFileSync(path.join(lessons, '01-quickstart.ipynb'), 'utf8'));
  lesson.cells.push({
    ...{ cell_type: 'code', id: 'where', source: where, metadata: {}, outputs: [], execution_count: null },
  });
  writeFileSync(notebook, JSON.stringify(lesson));
  gateway = await startGateway(program);
  const port = await portOf(gateway, 'the kernel gateway');
  const started = await startLab(folder, [`--gateway-url=http://127.0.0.1:${port}`]);
  lab = started.server;
  url = started.pageOf('lesson.ipynb');
  page = await browser.newPage();
  page.setDefaultTimeout(PATIENCE);
  await openNotebook();
});
afterAll(async () => {
  await browser?.close();
  // JupyterLab first: it asks the gateway to end its kernels.
  await stopServer(lab);
  await stopServer(gateway);
});

/** Starts a gateway in the lessons' folder, which becomes that of its kernels. */
async function startGateway(program: string): Promise<ChildProcess> {
  const { variables } = await jupyterEnv();
  // A gateway passes on to its kernels only PATH and what is named here.
  const passed = ['HOME', 'TMPDIR', 'XDG_CACHE_HOME', 'PADDLELAB_CACHE', 'PADDLELAB_HISTORY', 'PADDLELAB_RUNTIME'];
  return spawn(program, [`--port=${await freePort()}`, '--JupyterWebsocketPersonality.list_kernels=True'], {
    cwd: lessons,
    env: { ...variables, PADDLELAB_HISTORY: '', KG_ENV_PROCESS_WHITELIST: passed.join(',') },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
}

async function openNotebook(): Promise<void> {
  await page.goto(url);
  await page.locator('#jp-main-statusbar', { hasText: 'TypeScript (paddlelab) | Idle' }).waitFor();
}

const output = (text: string | RegExp): Locator => page.locator('.jp-OutputArea-output', { hasText: text });

async function typeCell(code: string): Promise<void> {
  await labCommand(page, 'notebook:insert-cell-below');
  await labCommand(page, 'notebook:enter-edit-mode');
  await page.keyboard.type(code);
}

interface Cell {
  readonly id: string;
  readonly cell_type: string;
  readonly execution_count: number | null;
  readonly outputs: readonly { output_type: string; text?: string[]; data?: Record<string, string | string[]> }[];
}

/** The code cells as saved by JupyterLab. */
async function savedCells(): Promise<Cell[]> {
  await labCommand(page, 'docmanager:save');
  const { cells } = JSON.parse(readFileSync(notebook, 'utf8')) as { cells: Cell[] };
  return cells.filter((cell) => cell.cell_type === 'code');
}

const textOf = (cell: Cell | undefined): string =>
  (cell?.outputs ?? []).flatMap(({ text, data }) => text ?? data?.['text/plain'] ?? []).join('');

test('JupyterLab runs a lesson on the kernel of a gateway, in the folder of the gateway', async ({ skip }) => {
  if (gateway === undefined) return skip('no gateway or no browser');
  await labCommand(page, 'notebook:clear-all-cell-outputs');
  await labCommand(page, 'notebook:run-all-cells');
  const cells = await savedCells();
  expect(cells.map((cell) => cell.execution_count)).toEqual(cells.map((_, index) => index + 1));
  expect(cells.flatMap((cell) => cell.outputs).filter((shown) => shown.output_type === 'error')).toEqual([]);
  const [model, result, picture, counts, report] = cells;
  expect(textOf(model)).toContain('instance-segmentation');
  expect(textOf(result)).toMatch(/6 detections in 320×240/);
  expect(textOf(counts)).toMatch(/star with score 1\.00/);
  expect(textOf(report)).toMatch(/openvino/);
  expect(textOf(cells.at(-1))).toBe(`[ '1', '${lessons}' ]`);
  const png = Buffer.from(String(picture?.outputs[0]?.data?.['image/png']), 'base64');
  expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([320, 240]);
}, 600_000);

test('an interrupt and a restart reach the kernel through the gateway', async ({ skip }) => {
  if (gateway === undefined) return skip('no gateway or no browser');
  await typeCell("let kept = 6; console.log('looping'); for (;;) ;");
  const ran = labCommand(page, 'notebook:run-cell');
  await output(/^\s*looping\s*$/).waitFor();
  await labCommand(page, 'notebook:interrupt-kernel');
  await output('Interrupted').first().waitFor();
  await ran;
  await typeCell('kept * 7');
  await labCommand(page, 'notebook:run-cell');
  await output(/^\s*42\s*$/).waitFor();

  const restarted = labCommand(page, 'notebook:restart-kernel');
  await page.locator('.jp-Dialog button.jp-mod-accept').click();
  await restarted;
  await labCommand(page, 'docmanager:save');
  // jupyter_server 2.21 keeps an old connection of the page open, which may get the new kernel's replies (Python's too).
  await openNotebook();
  await typeCell('typeof kept');
  await labCommand(page, 'notebook:run-cell');
  await output("Cannot find name 'kept'").waitFor();
}, 600_000);
