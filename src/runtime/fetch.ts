import path from 'node:path';
import { PaddleLabError } from '../errors';
import { mkdir, readdir, writeFile } from '../files/fs';
import { packageRoot } from '../package-root';
import { lastWords, type ProcessOptions, type ProcessResult, runProcess, which } from '../processes/run-process';
import { abortError } from '../validate';
import { installLine } from './system-packages';

/** A wheel on a package index. */
export interface WheelRelease {
  name: string;
  version: string;
  /** CPython tag of the wheel, such as `cp311`; a pure Python wheel fits any. */
  cpython: string;
  /** SHA-256 of the wheel in hex. If missing, the index's own hash is checked. */
  sha256?: string;
  /** Bytes of the wheel. */
  size?: number;
}

/** Progress of an install. Counts are bytes; `total` is 0 while it is unknown. */
export interface InstallProgress {
  phase: 'wait' | 'find' | 'download' | 'verify' | 'unpack';
  done: number;
  total: number;
}

export interface FetchOptions {
  onProgress?: (progress: InstallProgress) => void;
  signal?: AbortSignal;
  /** Programs that may provide pip, tried in order. */
  pythons?: readonly string[];
  /** Environment of the package client; default: that of this process. */
  environment?: NodeJS.ProcessEnv;
  /** What the wheel is fetched for, in errors; default: a Paddle runtime. */
  purpose?: string;
}

/** The result of the package client: a wheel, or (uv) its unpacked files. */
export type Fetched =
  | { kind: 'wheel'; file: string; sha256?: string }
  | { kind: 'folder'; folder: string; sha256?: string };

interface ScriptLine {
  event: 'found' | 'progress' | 'done' | 'error';
  filename?: string;
  sha256?: string | null;
  done?: number;
  total?: number | null;
  kind?: 'not-found' | 'network' | 'internals';
  message?: string;
  /** The last error line of pip. */
  said?: string | null;
}

const DEFAULT_PYTHONS = ['python3', 'python'] as const;

/** Downloads a wheel into `folder` with the machine's own package client, so that its settings apply. */
export async function fetchWheel(release: WheelRelease, folder: string, options: FetchOptions = {}): Promise<Fetched> {
  await mkdir(folder, { recursive: true });
  options.onProgress?.({ phase: 'find', done: 0, total: 0 });
  const { pip, broken } = await findPip(options);
  if (pip !== undefined) {
    const fetched = pip.python === undefined ? undefined : await fetchWithScript(pip.python, release, folder, options);
    return fetched ?? (await fetchWithPip(pip.command, release, folder, options));
  }
  const { purpose = 'a Paddle runtime' } = options;
  const uv = await which('uv', (options.environment ?? process.env).PATH);
  if (uv !== undefined) return fetchWithUv(uv, release, folder, options);
  if (broken !== undefined) {
    throw new PaddleLabError(
      'TOOL_FAILED',
      `Expected pip for fetching ${purpose} but it does not start: ${broken}. Fix that ` +
        '(`python3 -m pip --version` shows it), or install uv, and try again',
    );
  }
  throw new PaddleLabError(
    'TOOL_FAILED',
    `Expected pip or uv for fetching ${purpose} but found neither on PATH; install pip ` +
      `(${await installLine(['python3', 'pip'], (options.environment ?? process.env).PATH)}), or uv, and try again`,
  );
}

interface PipCommand {
  command: readonly string[];
  /** The Python program, if pip is called as its module. */
  python?: string;
}

/** The first program that starts; otherwise the error of one that exists but does not start. */
async function findPip(options: FetchOptions): Promise<{ pip?: PipCommand; broken?: string }> {
  let broken: string | undefined;
  const pythons = options.pythons ?? DEFAULT_PYTHONS;
  const candidates: PipCommand[] = pythons.map((python) => ({ command: [python, '-m', 'pip'], python }));
  if (options.pythons === undefined) candidates.push({ command: ['pip3'] }, { command: ['pip'] });
  for (const candidate of candidates) {
    const result = await runProcess(candidate.command, ['--version'], {
      ...processOptions(options),
      timeout: 60_000,
    });
    if (result.code === 0) return { pip: candidate };
    if (result.code !== null && !/No module named pip\b/.test(result.stderr)) broken ??= lastWords(result);
  }
  return broken === undefined ? {} : { broken };
}

function processOptions(options: FetchOptions): ProcessOptions {
  return { signal: options.signal, env: options.environment };
}

/** Finds the wheel with pip and downloads it resumably. Undefined if the script does not know this pip's internals. */
async function fetchWithScript(
  python: string,
  release: WheelRelease,
  folder: string,
  options: FetchOptions,
): Promise<Fetched | undefined> {
  const script = path.join(packageRoot(), 'src', 'runtime', 'pip_download.py');
  let sha256: string | undefined;
  let filename: string | undefined;
  let failure: ScriptLine | undefined;
  const result = await runProcess([python, script], [release.name, release.version, release.cpython, folder], {
    ...processOptions(options),
    onLine: (text) => {
      const line = parseLine(text);
      if (line?.event === 'found') sha256 = line.sha256 ?? undefined;
      if (line?.event === 'progress') {
        options.onProgress?.({ phase: 'download', done: line.done ?? 0, total: line.total ?? release.size ?? 0 });
      }
      if (line?.event === 'done') filename = line.filename;
      if (line?.event === 'error') failure = line;
    },
  });
  if (result.code === 0 && filename !== undefined) return { kind: 'wheel', file: path.join(folder, filename), sha256 };
  // Ctrl-C on a terminal also reaches the child, possibly before this process.
  if (result.code === 130) throw abortError(options.signal);
  if (failure?.kind === 'internals') return undefined;
  if (failure?.kind === 'not-found') throw notFoundError(release, failure, result);
  throw fetchError(release, failure?.message ?? failure?.said ?? undefined, result);
}

function parseLine(text: string): ScriptLine | undefined {
  try {
    return JSON.parse(text) as ScriptLine;
  } catch {
    // A warning from another package.
    return undefined;
  }
}

/** The plain command: it can't resume a download, but every pip has it. */
async function fetchWithPip(
  pip: readonly string[],
  release: WheelRelease,
  folder: string,
  options: FetchOptions,
): Promise<Fetched> {
  // Older versions use only the last value.
  const platforms = ['linux_x86_64', 'manylinux2014_x86_64', 'manylinux1_x86_64'];
  const result = await runProcess(
    pip,
    [
      ...['download', '--no-deps', '--only-binary=:all:', '--implementation', 'cp', '--abi', release.cpython],
      ...['--python-version', release.cpython.slice(2), ...platforms.flatMap((tag) => ['--platform', tag])],
      ...['-d', folder, `${release.name}==${release.version}`],
    ],
    processOptions(options),
  );
  const wheel = (await readdir(folder)).find((name) => name.endsWith('.whl'));
  if (result.code !== 0 || wheel === undefined) throw fetchError(release, undefined, result);
  return { kind: 'wheel', file: path.join(folder, wheel) };
}

/**
 * uv has no download command, so it installs the whole wheel into a folder of its own. uv checks the hash
 * (--require-hashes), because the wheel file itself is never available here.
 */
async function fetchWithUv(uv: string, release: WheelRelease, folder: string, options: FetchOptions): Promise<Fetched> {
  const target = path.join(folder, 'uv-target');
  const requirement = `${release.name}==${release.version}`;
  const list = path.join(folder, 'requirements.txt');
  await writeFile(list, release.sha256 ? `${requirement} --hash=sha256:${release.sha256}\n` : `${requirement}\n`);
  const result = await runProcess(
    [uv, 'pip', 'install'],
    [
      ...['--no-deps', '--only-binary', ':all:', '--target', target, '--python-version', '3.11'],
      ...['--python-platform', 'x86_64-manylinux2014', ...(release.sha256 ? ['--require-hashes'] : []), '-r', list],
    ],
    processOptions(options),
  );
  if (result.code !== 0) throw fetchError(release, undefined, result);
  return { kind: 'folder', folder: target, sha256: release.sha256 };
}

/** The client found no such wheel. It reports the same if the index can't be reached at all. */
function notFoundError(
  release: WheelRelease,
  { message: versions = '', said }: ScriptLine,
  result: ProcessResult,
): PaddleLabError {
  const next =
    versions === ''
      ? 'it lists no version at all, so check the network and the index settings of pip'
      : `it has ${versions}; choose one of them, or name another index in PIP_EXTRA_INDEX_URL`;
  return new PaddleLabError(
    'RUNTIME_INSTALL_FAILED',
    `Expected a wheel ${wheelWords(release)} on the package index but found none; ${next}${said ? `. pip says: ${said}` : ''}`,
    { cause: said ? new Error(said) : causeOf(result) },
  );
}

function fetchError(release: WheelRelease, reason: string | undefined, result: ProcessResult): PaddleLabError {
  const cause = causeOf(result);
  const why = reason ?? lastWords(result);
  return new PaddleLabError(
    'RUNTIME_INSTALL_FAILED',
    `Could not fetch ${wheelWords(release)}: ${why}. Check the network and the package client's index settings, ` +
      'then run the same command again; the download so far is kept',
    { cause },
  );
}

function wheelWords(release: WheelRelease): string {
  return `${release.name} ${release.version} (${release.cpython}, Linux x86-64)`;
}

/** The last lines of the client's error output. */
function causeOf(result: ProcessResult): Error | undefined {
  const text = result.stderr.trim().split('\n').slice(-6).join('\n');
  return text === '' ? undefined : new Error(text);
}
