import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { PaddleLabError } from '../errors';
import { installKernel } from '../kernel/install';
import { packageRoot } from '../package-root';
import { acquireLock } from '../processes/lock';
import { lastWords, type ProcessResult, runProcess } from '../processes/run-process';
import { installLine, missingTools } from '../runtime/system-packages';

/** A private Python environment that holds Jupyter, for this checkout only. */
export interface PythonEnv {
  /** The environment's folder. */
  prefix: string;
  /** The interpreter. */
  python: string;
  /** The `jupyter` command. */
  jupyter: string;
}

/** How an environment is made and filled; the first one that works is taken. */
interface Maker {
  create: readonly string[];
  install: (env: PythonEnv, requirements: string) => readonly string[];
}

const pipInstall: Maker['install'] = (env, requirements) => [
  ...[env.python, '-m', 'pip', 'install', '--disable-pip-version-check', '--no-input', '-r', requirements],
];

const MAKERS: readonly Maker[] = [
  { create: ['python3', '-m', 'venv'], install: pipInstall },
  {
    create: ['uv', 'venv', '--quiet'],
    install: (env, requirements) => ['uv', 'pip', 'install', '--python', env.python, '-r', requirements],
  },
  { create: ['python3', '-m', 'virtualenv'], install: pipInstall },
];

/**
 * Makes the environment if it is not there yet or its requirements have changed; otherwise returns at once, without
 * using the network. Packages come through the machine's own client, so that its index settings count.
 */
export async function ensurePythonEnv(onProgress: (text: string) => void = () => {}): Promise<PythonEnv> {
  const env = locate(path.join(packageRoot(), '.cache', 'python'));
  if (isComplete(env)) return env;
  const lock = await acquireLock(env.prefix, {
    onWait: () => onProgress('Waiting for another process that sets it up'),
  });
  try {
    if (!isComplete(env)) await build(env, onProgress);
    return env;
  } finally {
    lock.release();
  }
}

/** Registers this checkout's kernel in the environment and returns its folder. */
export function ensureKernelspec(prefix: string): string {
  return installKernel({ prefix });
}

async function build(env: PythonEnv, onProgress: (text: string) => void): Promise<void> {
  const requirements = requirementsFile();
  onProgress('Creating a private Python environment for Jupyter');
  const maker = await create(env);
  const [program = '', ...args] = maker.install(env, requirements);
  const result = await runProcess([program], args, { onLine: (line) => reportPackage(line, onProgress) });
  if (result.code !== 0) throw installFailed(result);
  // Last of all: without it, the next run starts over.
  writeFileSync(stampFile(env), stamp());
}

async function create(env: PythonEnv): Promise<Maker> {
  const failures: string[] = [];
  for (const maker of MAKERS) {
    // A venv can't be moved, so it is made in place; what is left of a broken attempt goes first.
    rmSync(env.prefix, { recursive: true, force: true });
    const [program = '', ...args] = maker.create;
    const result = await runProcess([program], [...args, env.prefix]);
    if (result.code === 0 && existsSync(env.python)) return maker;
    failures.push(`${maker.create.join(' ')}: ${result.code === null ? 'not there' : lastWords(result)}`);
  }
  const noPython = (await missingTools(['python3'])).length > 0;
  throw new PaddleLabError(
    'TOOL_FAILED',
    `No Python environment for Jupyter could be made: ${noPython ? 'python3 is' : "Python's venv module, or part of it, is"} ` +
      `missing. Install it: ${await installLine(['python3', 'venv'])} (or install uv), then run the same command again.\n` +
      failures.join('\n'),
  );
}

/** pip prints much; the packages that it takes are what tells a person that it goes on. */
function reportPackage(line: string, onProgress: (text: string) => void): void {
  const name = /^Collecting ([\w.-]+)/.exec(line)?.[1];
  if (name !== undefined) onProgress(`Installing ${name}`);
}

function installFailed(result: ProcessResult): PaddleLabError {
  return new PaddleLabError(
    'TOOL_FAILED',
    `Installing Jupyter into the private Python environment failed; check the package index settings of pip ` +
      `(\`python3 -m pip config list\`) and the network, then run the same command again: ${lastWords(result)}`,
    { cause: result.stderr },
  );
}

function locate(prefix: string): PythonEnv {
  const bin = path.join(prefix, 'bin');
  return { prefix, python: path.join(bin, 'python'), jupyter: path.join(bin, 'jupyter') };
}

function isComplete(env: PythonEnv): boolean {
  if (!existsSync(env.python) || !existsSync(env.jupyter) || !existsSync(stampFile(env))) return false;
  return readFileSync(stampFile(env), 'utf8') === stamp();
}

function stampFile(env: PythonEnv): string {
  return path.join(env.prefix, 'requirements.sha256');
}

function stamp(): string {
  return createHash('sha256').update(readFileSync(requirementsFile())).digest('hex');
}

function requirementsFile(): string {
  return path.join(packageRoot(), 'src', 'dev', 'requirements.txt');
}
