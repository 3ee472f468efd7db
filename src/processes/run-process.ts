import { spawn } from 'node:child_process';
import path from 'node:path';
import { access, constants } from '../files/fs';
import { throwIfAborted } from '../validate';

export interface ProcessResult {
  /** Exit code; null if it was killed by a signal or could not be started. */
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface ProcessOptions {
  signal?: AbortSignal;
  timeout?: number;
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  /** Called for each full line of standard output as it comes. */
  onLine?: (line: string) => void;
}

/** Bounds the memory for the output of a process that writes endlessly. */
const OUTPUT_LIMIT = 1 << 20;

/** Runs a program to its end. If it can't be started, the code is null; only an abort throws. */
export async function runProcess(
  command: readonly string[],
  args: readonly string[],
  options: ProcessOptions = {},
): Promise<ProcessResult> {
  throwIfAborted(options.signal);
  const [program, ...first] = command;
  const signal = stopSignal(options);
  const result = await new Promise<ProcessResult>((resolve) => {
    // Standard input stays open and empty: a child that reads it gets EOF when this process ends, even if it is killed.
    const child = spawn(program ?? '', [...first, ...args], {
      stdio: ['pipe', 'pipe', 'pipe'],
      cwd: options.cwd,
      env: options.env,
      signal,
      killSignal: 'SIGKILL',
    });
    let stdout = '';
    let stderr = '';
    let line = '';
    // If the start failed because of too many open files, there are no streams.
    if (child.stdin === undefined || child.stdin === null) {
      child.once('error', (error) => resolve({ code: null, stdout: '', stderr: error.message }));
      return;
    }
    child.stdin.on('error', () => {});
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      if (stdout.length < OUTPUT_LIMIT) stdout += text;
      const lines = (line + text).split('\n');
      line = lines.pop() ?? '';
      if (options.onLine) lines.forEach(options.onLine);
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      if (stderr.length < OUTPUT_LIMIT) stderr += text;
    });
    // After an abort, "close" still follows; after a failed start it does not always.
    child.on('error', (error) => {
      if (child.pid === undefined) resolve({ code: null, stdout, stderr: error.message });
    });
    child.on('exit', () => {
      // A killed child's own children may hold the pipes open.
      if (!signal?.aborted) return;
      child.stdout.destroy();
      child.stderr.destroy();
    });
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
  throwIfAborted(options.signal);
  return result;
}

/** The last error line of a program: pip and npm print notices and hints after it. */
export function lastWords({ stderr, stdout, code }: ProcessResult): string {
  const lines = (stderr.trim() || stdout.trim())
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const said = lines.filter(
    (line) => !/^(\[notice\]|hint:|note:|npm (error|ERR!) A complete log|WARNING: You are using pip)/.test(line),
  );
  return said.findLast((line) => /^(npm )?err(or)?\b/i.test(line)) ?? said.at(-1) ?? `exit code ${code}`;
}

/** Not spawn's own timeout: if the program does not exist, that timer keeps this process alive until it expires. */
function stopSignal({ signal, timeout }: ProcessOptions): AbortSignal | undefined {
  const signals = signal === undefined ? [] : [signal];
  if (timeout !== undefined) signals.push(AbortSignal.timeout(timeout));
  return signals.length === 0 ? undefined : AbortSignal.any(signals);
}

/** The full path of a program, searched on PATH as a shell does. */
export async function which(program: string, searchPath: string = process.env.PATH ?? ''): Promise<string | undefined> {
  for (const folder of searchPath.split(path.delimiter)) {
    if (folder === '') continue;
    const file = path.join(folder, program);
    try {
      await access(file, constants.X_OK);
      return file;
    } catch {
      // Not in this folder.
    }
  }
  return undefined;
}
