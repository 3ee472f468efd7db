import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll } from 'vitest';
import { ensurePythonEnv, type PythonEnv } from '../../src/dev/python-env';
import { installKernel } from '../../src/kernel/install';
import { packageRoot } from '../../src/package-root';
import { KernelClient } from '../../src/repl/kernel-client';

export type Content = Record<string, unknown>;

export interface Output extends Content {
  type: string;
  text?: string;
  data?: Record<string, unknown>;
  ename?: string;
  evalue?: string;
  traceback?: string[];
}

/** The result of one step: its reply, and its output in order. */
export interface StepResult {
  reply: Content & { status: string };
  outputs: Output[];
}

/** A step for test/kernel/drive_kernel.py, which documents the fields; a string is a cell. */
export type Step =
  | string
  | { code?: string; request?: string; content?: Content; wait?: boolean; interruptAt?: string };

/** Output folder of these tests, removed after the test file. */
let scratch: string | undefined;
afterAll(() => {
  if (scratch !== undefined) rmSync(scratch, { recursive: true, force: true });
});

/** Made on first use: a file whose tests are all skipped has no end. */
function scratchFolder(): string {
  scratch ??= mkdtempSync(path.join(tmpdir(), 'paddlelab-'));
  return scratch;
}

export function emptyFolder(): string {
  return mkdtempSync(path.join(scratchFolder(), 'k-'));
}

let jupyter: Promise<{ env: PythonEnv; variables: NodeJS.ProcessEnv }> | undefined;

/** The private Python environment, with variables so that it finds only the kernel of this checkout. */
export function jupyterEnv(): Promise<{ env: PythonEnv; variables: NodeJS.ProcessEnv }> {
  jupyter ??= (async () => {
    const env = await ensurePythonEnv();
    const prefix = emptyFolder();
    installKernel({ prefix });
    const data = path.join(prefix, 'share', 'jupyter');
    const runtime = path.join(prefix, 'runtime');
    const variables = {
      ...process.env,
      JUPYTER_PATH: data,
      JUPYTER_RUNTIME_DIR: runtime,
      PYTHONDONTWRITEBYTECODE: '1',
      TMPDIR: scratchFolder(),
    };
    return { env, variables };
  })();
  return jupyter;
}

/** Runs a script of test/kernel with the environment's Python; resolves when it has ended, with any exit code. */
export async function runPython(
  script: string,
  input = '',
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const { env, variables } = await jupyterEnv();
  return new Promise((resolve) => {
    const history = path.join(emptyFolder(), 'history.jsonl');
    const child = spawn(env.python, [path.join(packageRoot(), 'test', 'kernel', script)], {
      env: { ...variables, PADDLELAB_HISTORY: history },
      cwd: emptyFolder(),
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text) => {
      stderr += text;
    });
    child.on('close', (code) => resolve({ code, stdout, stderr }));
    child.stdin.end(input);
  });
}

/** Starts a kernel in a folder (an empty one by default), takes the steps in turn and shuts it down. */
export async function drive(steps: readonly Step[], cwd: string = emptyFolder()): Promise<StepResult[]> {
  const job = { cwd, steps: steps.map((step) => (typeof step === 'string' ? { code: step } : step)) };
  const { code, stdout, stderr } = await runPython('drive_kernel.py', JSON.stringify(job));
  if (code !== 0) throw new Error(`drive_kernel.py failed:\n${stderr}`);
  return JSON.parse(stdout);
}

/** The output of a step on one stream. */
export function streamText(result: StepResult | undefined, name: 'stdout' | 'stderr' = 'stdout'): string {
  const parts = result?.outputs.filter((output) => output.type === 'stream' && output.name === name) ?? [];
  return parts.map((output) => output.text).join('');
}

/** The text of a step's value. */
export function resultText(result: StepResult | undefined): unknown {
  return result?.outputs.find((output) => output.type === 'execute_result')?.data?.['text/plain'];
}

/** The error of a step. */
export function errorOf(result: StepResult | undefined): Output | undefined {
  return result?.outputs.find((output) => output.type === 'error');
}

/** A kernel with a client in this process: faster than `drive`, and can answer questions. Close it at the end. */
export function startKernel(
  cwd: string = emptyFolder(),
  env: NodeJS.ProcessEnv = {},
  stderr: 'inherit' | 'ignore' | 'pipe' = 'inherit',
): KernelClient {
  const history = path.join(emptyFolder(), 'history.jsonl');
  return KernelClient.start({ cwd, env: { ...process.env, PADDLELAB_HISTORY: history, ...env }, stderr });
}

/** Runs a cell; `onOutput` gets each output as it arrives. */
export async function runCell(
  kernel: KernelClient,
  code: string,
  settings: Content = {},
  onOutput: (output: Output) => void = () => {},
): Promise<StepResult> {
  const outputs: Output[] = [];
  const reply = await kernel.execute(
    code,
    (message) => {
      const output = { type: message.header.msg_type, ...message.content };
      outputs.push(output);
      onOutput(output);
    },
    settings,
  );
  return { reply: reply as StepResult['reply'], outputs };
}
