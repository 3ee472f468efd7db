import path from 'node:path';
import { PaddleLabError } from '../../errors';
import { readdir } from '../../files/fs';
import { notOnIndex } from '../../package-index/find-wheel';
import { platformTags } from '../../package-index/platform-tags';
import type { WheelRelease } from '../../package-index/wheel-release';
import { packageRoot } from '../../package-root';
import { lastWords, type ProcessResult, runProcess } from '../../processes/run-process';
import { abortError } from '../../validate';
import type { Fetched, FetchOptions } from '../fetch-options';
import { installLine } from '../system-packages';
import { causeOf, processOptions, programError } from './fetch-error';

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

/** Downloads a wheel into `folder` with pip. */
export async function fetchWithPip(release: WheelRelease, folder: string, options: FetchOptions): Promise<Fetched> {
  const { pip, broken } = await findPip(options);
  if (pip === undefined) throw await withoutPip(broken, options);
  const fetched = pip.python === undefined ? undefined : await fetchWithScript(pip.python, release, folder, options);
  return fetched ?? (await fetchWithCommand(pip.command, release, folder, options));
}

async function withoutPip(broken: string | undefined, options: FetchOptions): Promise<PaddleLabError> {
  const itself = 'or leave out the choice of a client: paddlelab itself can fetch it';
  if (broken !== undefined) {
    const text = `Expected pip to work but it does not start: ${broken}. Fix that (\`python3 -m pip --version\` shows it)`;
    return new PaddleLabError('TOOL_FAILED', `${text}, ${itself}`);
  }
  const line = await installLine(['python3', 'pip'], (options.environment ?? process.env).PATH);
  return new PaddleLabError('TOOL_FAILED', `Expected pip on PATH but found none; install it (${line}), ${itself}`);
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
  const result = await runProcess(
    [python, script],
    [release.name, release.version, release.cpython, folder, ...platformTags().wheels],
    {
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
    },
  );
  if (result.code === 0 && filename !== undefined) return { kind: 'wheel', file: path.join(folder, filename), sha256 };
  // Ctrl-C on a terminal also reaches the child, possibly before this process.
  if (result.code === 130) throw abortError(options.signal);
  if (failure?.kind === 'internals') return undefined;
  if (failure?.kind === 'not-found') throw notFoundError(release, failure, result);
  throw programError(release, failure?.message ?? failure?.said ?? undefined, result);
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
async function fetchWithCommand(
  pip: readonly string[],
  release: WheelRelease,
  folder: string,
  options: FetchOptions,
): Promise<Fetched> {
  const result = await runProcess(
    pip,
    [
      ...['download', '--no-deps', '--only-binary=:all:', '--implementation', 'cp', '--abi', release.cpython],
      ...['--python-version', release.cpython.slice(2), ...platformTags().wheels.flatMap((tag) => ['--platform', tag])],
      ...['-d', folder, `${release.name}==${release.version}`],
    ],
    processOptions(options),
  );
  const wheel = (await readdir(folder)).find((name) => name.endsWith('.whl'));
  if (result.code !== 0 || wheel === undefined) throw programError(release, undefined, result);
  return { kind: 'wheel', file: path.join(folder, wheel) };
}

/** The client found no such wheel. It reports the same if the index can't be reached at all. */
function notFoundError(
  release: WheelRelease,
  { message = '', said }: ScriptLine,
  result: ProcessResult,
): PaddleLabError {
  return notOnIndex(release, message === '' ? [] : message.split(', '), {
    nothing: 'it lists no version at all, so check the network and the index settings of pip',
    ...(said ? { more: `. pip says: ${said}`, cause: new Error(said) } : { cause: causeOf(result) }),
  });
}
