import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { projectRoot, runProcess } from '../helpers/project';

const version = '3.3.1';
const folder = path.join(projectRoot, '.cache', 'python-paddle');

/** An interpreter with Paddle's own Python package, to hold ours against. */
export interface PythonPaddle {
  readonly python: string;
  /** The runtime in it, for this library to load: the very same. */
  readonly runtime: string;
}

/** Makes the environment where it is missing; undefined, with a loud line, where that fails. */
export async function ensurePythonPaddle(): Promise<PythonPaddle | undefined> {
  const python = path.join(folder, 'bin', 'python');
  if (!(await hasPaddle(python))) {
    process.stderr.write(`Installing Python's paddlepaddle ${version} to compare with …\n`);
    if (!existsSync(python)) await runProcess('python3', ['-m', 'venv', folder]);
    const packages = [`paddlepaddle==${version}`, 'setuptools'];
    await runProcess(python, ['-m', 'pip', 'install', '--quiet', ...packages]).catch(() => undefined);
    if (!(await hasPaddle(python))) {
      process.stderr.write(`SKIPPED: Python's paddlepaddle ${version} can't be installed here\n`);
      return undefined;
    }
  }
  const { stdout } = await runProcess(python, ['-c', 'import sysconfig; print(sysconfig.get_path("purelib"))']);
  return { python, runtime: path.join(stdout.trim(), 'paddle') };
}

async function hasPaddle(python: string): Promise<boolean> {
  if (!existsSync(python)) return false;
  const check = `import importlib.metadata as m; assert m.version("paddlepaddle") == "${version}"`;
  return (await runProcess(python, ['-c', check])).code === 0;
}

/** Runs a script of this folder with JSON in and out. */
export function askPython<T>(python: string, script: string, question: unknown): Promise<T> {
  return new Promise((resolve, reject) => {
    const child = spawn(python, [path.join(__dirname, script)], { stdio: ['pipe', 'pipe', 'pipe'] });
    let answer = '';
    let complaints = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      answer += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      complaints = (complaints + text).slice(-4000);
    });
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve(JSON.parse(answer) as T);
      else reject(new Error(`${script} ended with ${code}: ${complaints}`));
    });
    child.stdin.end(JSON.stringify(question));
  });
}
