import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { PaddleLabError } from '../errors';
import { DEFAULT_KERNEL_NAME } from '../kernel/install';
import { packageRoot } from '../package-root';
import { runProcess } from '../processes/run-process';
import { ensureKernelspec, ensurePythonEnv } from './python-env';

export interface RunNotebookOptions {
  /** Where the executed notebook and its HTML go. */
  outDir: string;
  kernelName?: string;
  /** Seconds that one cell may take. */
  timeout?: number;
  signal?: AbortSignal;
  /** Called with what goes on; by default it is written to stderr. */
  onProgress?: (text: string) => void;
}

interface Failure {
  /** The cell, from zero, among all cells. */
  index?: number;
  evalue: string;
  traceback: string[];
}

type Event = { event: 'cell'; number: number; total: number } | { event: 'end'; failure: Failure | null };

/** Runs a notebook without a browser, as a user's Jupyter would, and returns the paths of what came of it. */
export async function runNotebook(
  notebookPath: string,
  options: RunNotebookOptions,
): Promise<{ notebook: string; html: string }> {
  const say = options.onProgress ?? ((text: string) => process.stderr.write(`${text}\n`));
  const source = path.resolve(notebookPath);
  const title = path.basename(source, '.ipynb');
  const outDir = path.resolve(options.outDir);
  const notebook = path.join(outDir, `${title}.ipynb`);
  const html = path.join(outDir, `${title}.html`);
  const env = await ensurePythonEnv(say);
  ensureKernelspec(env.prefix);
  mkdirSync(outDir, { recursive: true });
  const kernel = options.kernelName ?? DEFAULT_KERNEL_NAME;
  const job = { source, title, notebook, html, kernel, timeout: options.timeout ?? 600 };

  let failure: Failure | null | undefined;
  const onEvent = (event: Event): void => {
    if (event.event === 'cell') say(`${title}: cell ${event.number}/${event.total}`);
    else failure = event.failure;
  };
  const script = path.join(packageRoot(), 'src', 'dev', 'run_notebook.py');
  const result = await runProcess([env.python, script], [JSON.stringify(job)], {
    signal: options.signal,
    // The kernel of this checkout, even if the user has installed one of the same name.
    env: { ...process.env, JUPYTER_PREFER_ENV_PATH: '1', PYTHONUNBUFFERED: '1' },
    onLine: (line) => {
      if (line.startsWith('{')) onEvent(JSON.parse(line));
    },
  });
  if (failure) throw cellFailed(title, failure);
  if (result.code !== 0 || failure === undefined) {
    throw new PaddleLabError('TOOL_FAILED', `Running ${title} failed: ${result.stderr.trim()}`);
  }
  return { notebook, html };
}

function cellFailed(title: string, { index, evalue, traceback }: Failure): PaddleLabError {
  const where = index === undefined ? title : `Cell ${index + 1} of ${title}`;
  const details = stripVTControlCharacters(traceback.join('\n'));
  return new PaddleLabError('TOOL_FAILED', `${where} failed: ${details || evalue}`);
}
