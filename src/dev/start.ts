import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { createProgress } from '../cli/progress';
import { messageOf, PaddleLabError } from '../errors';
import { packageRoot } from '../package-root';
import { runProcess } from '../processes/run-process';
import { findRuntime, installRuntime, type PaddleRuntime } from '../runtime';
import { ensureKernelspec, ensurePythonEnv } from './python-env';
import { runNotebook } from './run-notebook';

const quickstart = path.join('notebooks', '01-quickstart.ipynb');

/** Cells with this tag hold what a person without a browser wants to see. */
const shownTag = 'detections';

/**
 * What `npm start` does once packages, addon and TypeScript are there: a Paddle runtime, then JupyterLab on the
 * quickstart, or without a terminal (CI, `-- --no-lab`) the quickstart itself.
 */
export async function main(args: readonly string[]): Promise<void> {
  const headless = args.includes('--no-lab') || process.env.CI === 'true' || !process.stdout.isTTY;
  try {
    const runtime = await ensureRuntime();
    say(`Paddle ${runtime.version} (${runtime.build.device}), from the ${runtime.source} place`);
    process.exitCode = headless ? await runHeadless() : await openLab();
  } catch (error) {
    const code = error instanceof PaddleLabError ? ` [${error.code}]` : '';
    say(`error${code}: ${messageOf(error)}`);
    process.exitCode = 1;
  }
}

async function ensureRuntime(): Promise<PaddleRuntime> {
  try {
    return await findRuntime();
  } catch (error) {
    if (!(error instanceof PaddleLabError) || error.code !== 'RUNTIME_NOT_FOUND') throw error;
  }
  const progress = createProgress();
  try {
    await installRuntime({ onProgress: (state) => progress.update(state) });
  } finally {
    progress.stop();
  }
  return findRuntime();
}

async function runHeadless(): Promise<number> {
  const out = path.join(packageRoot(), 'out');
  const { notebook, html } = await runNotebook(path.join(packageRoot(), quickstart), { outDir: out });
  for (const text of await shownOutputs(notebook)) process.stdout.write(`\n${text}\n`);
  process.stdout.write(`\nExecuted notebook: ${path.relative(process.cwd(), notebook)}\n`);
  process.stdout.write(`As HTML:           ${path.relative(process.cwd(), html)}\n`);
  return 0;
}

interface NotebookCell {
  metadata: { tags?: string[] };
  outputs?: { data?: Record<string, string | string[]> }[];
}

async function shownOutputs(notebook: string): Promise<string[]> {
  const { cells } = JSON.parse(await readFile(notebook, 'utf8')) as { cells: NotebookCell[] };
  const shown = cells.filter((cell) => cell.metadata.tags?.includes(shownTag));
  return shown
    .flatMap((cell) => cell.outputs ?? [])
    .map((output) => [output.data?.['text/plain'] ?? ''].flat().join(''));
}

/** The machine's own JupyterLab if it has one, else the private one; neither gets anything installed into it. */
async function openLab(): Promise<number> {
  const own = (await runProcess(['jupyter-lab'], ['--version'])).code === 0;
  const prefix = path.join(packageRoot(), '.cache', 'jupyter');
  ensureKernelspec(prefix);
  const command = own ? 'jupyter-lab' : path.join((await ensurePythonEnv(say)).prefix, 'bin', 'jupyter-lab');
  say('Opening JupyterLab on the quickstart; Ctrl-C ends it');
  // As the start page, not as an argument: so the address that JupyterLab prints is that of the notebook.
  const page = `--LabApp.default_url=/lab/tree/${quickstart}`;
  const asRoot = process.getuid?.() === 0 ? ['--allow-root'] : [];
  const child = spawn(command, [page, `--ServerApp.root_dir=${packageRoot()}`, ...asRoot], {
    cwd: packageRoot(),
    stdio: 'inherit',
    // Before the user's own kernels, so that one of the same name does not win.
    env: {
      ...process.env,
      JUPYTER_PREFER_ENV_PATH: '1',
      JUPYTER_PATH: joined(path.join(prefix, 'share', 'jupyter'), process.env.JUPYTER_PATH),
    },
  });
  // The terminal's Ctrl-C reaches JupyterLab too, which asks before it ends; this process only waits for it.
  process.on('SIGINT', () => undefined);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 1));
  });
}

function joined(first: string, rest: string | undefined): string {
  return rest === undefined || rest === '' ? first : `${first}${path.delimiter}${rest}`;
}

function say(text: string): void {
  process.stderr.write(`paddlelab: ${text}\n`);
}
