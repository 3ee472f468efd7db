import path from 'node:path';
import { PaddleLabError } from '../errors';
import { runProcess } from '../processes/run-process';
import { cacheFolder, runtimesFolder } from './cache';
import { inspectFolder, type PaddleRuntime, type RuntimeSource } from './inspect';
import { type InstalledRuntime, listRuntimes } from './manifest';
import { DEFAULT_VERSION, isVersion } from './releases';

/** The environment variable that names a runtime. */
export const RUNTIME_VARIABLE = 'PADDLELAB_RUNTIME';

/** The result of searching one place for a runtime. */
export interface PlaceReport {
  source: RuntimeSource;
  /** Description of the place, for the list of searched places. */
  place: string;
  /** The usable runtimes there, in order of preference. */
  runtimes: PaddleRuntime[];
  /** The problem, if the place was named or exists but can't be used. */
  problem?: PaddleLabError;
}

export interface PlaceOptions {
  runtime?: string;
  cache?: string;
  environment?: NodeJS.ProcessEnv;
}

/** Each place is searched separately, so that a search can stop at the first hit and doctor can show all. */
export const SEARCH_LOCATIONS: readonly ((options: PlaceOptions) => Promise<PlaceReport>)[] = [
  lookAtOption,
  lookAtEnvironment,
  lookAtManaged,
  lookAtPython,
];

async function lookAtOption(options: PlaceOptions): Promise<PlaceReport> {
  const place = `the option runtime${options.runtime === undefined ? ' (not given)' : ` = ${options.runtime}`}`;
  return lookAtNamed('option', place, options.runtime, options);
}

async function lookAtEnvironment(options: PlaceOptions): Promise<PlaceReport> {
  const value = (options.environment ?? process.env)[RUNTIME_VARIABLE] || undefined;
  const place = `the environment variable ${RUNTIME_VARIABLE}${value === undefined ? ' (not set)' : ` = ${value}`}`;
  return lookAtNamed('environment', place, value, options);
}

/** A version (2.6.2), a managed runtime's full name (paddlepaddle-gpu-2.6.2), or a folder. */
async function lookAtNamed(
  source: RuntimeSource,
  place: string,
  value: string | undefined,
  options: PlaceOptions,
): Promise<PlaceReport> {
  if (value === undefined) return { source, place, runtimes: [] };
  try {
    return { source, place, runtimes: [await inspectFolder(await folderOf(value, options), source)] };
  } catch (error) {
    if (!(error instanceof PaddleLabError)) throw error;
    return { source, place, runtimes: [], problem: error };
  }
}

async function folderOf(value: string, options: PlaceOptions): Promise<string> {
  const name = /^(paddlepaddle(?:-gpu)?)-(.+)$/.exec(value);
  const version = name?.[2] ?? value;
  if (!isVersion(version)) return value;
  const cache = options.cache ?? cacheFolder(options.environment);
  const managed = preferred(await listRuntimes({ cache }));
  const match = managed.find((runtime) => runtime.id === value || runtime.version === value);
  if (match !== undefined) return match.path;
  const gpu = name?.[1] === 'paddlepaddle-gpu' ? ' --gpu' : '';
  throw new PaddleLabError(
    'RUNTIME_NOT_FOUND',
    `Expected an installed Paddle for runtime but received ${JSON.stringify(value)}; ` +
      `installed: ${managed.map((runtime) => runtime.id).join(', ') || 'none'}. ` +
      `Fix: npx paddlelab runtime install --version ${version}${gpu}`,
  );
}

async function lookAtManaged(options: PlaceOptions): Promise<PlaceReport> {
  const cache = options.cache ?? cacheFolder(options.environment);
  const report: PlaceReport = {
    source: 'managed',
    place: `the installed runtimes in ${runtimesFolder(cache)}`,
    runtimes: [],
  };
  const managed = await listRuntimes({ cache }).catch((error: unknown) => {
    if (!(error instanceof PaddleLabError)) throw error;
    report.problem = error;
    return [];
  });
  for (const runtime of preferred(managed)) {
    if (runtime.complete) {
      report.runtimes.push(await inspectFolder(runtime.path, 'managed'));
    } else {
      const gpu = runtime.device === 'gpu' ? ' --gpu' : '';
      report.problem ??= new PaddleLabError(
        'RUNTIME_INVALID',
        `Expected all files for the installed runtime ${runtime.id} but some are missing or changed. ` +
          `Fix: npx paddlelab runtime install --version ${runtime.version}${gpu}`,
      );
    }
  }
  return report;
}

/** The default version first, then the newest; of the same version, the CPU build first, because it runs anywhere. */
function preferred(runtimes: InstalledRuntime[]): InstalledRuntime[] {
  const rank = (runtime: InstalledRuntime): number =>
    (runtime.version === DEFAULT_VERSION ? 0 : 2) +
    (runtime.version === DEFAULT_VERSION && runtime.device === 'gpu' ? 1 : 0);
  return [...runtimes].sort((a, b) => rank(a) - rank(b));
}

/**
 * Asks Python for paddle's location without importing it. The current folder is ignored: a checkout named "paddle" is
 * not a package.
 */
const FIND_SPEC = [
  'import importlib.util, json, os, sys',
  "sys.path = [p for p in sys.path if p not in ('', os.getcwd())]",
  "spec = importlib.util.find_spec('paddle')",
  'print(json.dumps(list(spec.submodule_search_locations or []) if spec else []))',
].join('; ');

async function lookAtPython(options: PlaceOptions): Promise<PlaceReport> {
  const source = 'python';
  const env = options.environment;
  const empty: string[] = [];
  for (const python of ['python3', 'python']) {
    const { code, stdout } = await runProcess([python], ['-c', FIND_SPEC], { timeout: 20_000, env });
    if (code !== 0) continue;
    const folders = parseFolders(stdout);
    const place = `the Python environment on PATH (${python})`;
    for (const folder of folders) return lookAtNamed(source, place, path.resolve(folder), options);
    // A virtual environment may provide only one of the two names, so both are tried.
    empty.push(python);
  }
  const why = empty.length > 0 ? `${empty.join(' and ')}: no paddle in it` : 'no python3 or python';
  return { source, place: `the Python environment on PATH (${why})`, runtimes: [] };
}

/** Only the last line: a site customisation may print before it. */
function parseFolders(stdout: string): string[] {
  try {
    return JSON.parse(stdout.trim().split('\n').pop() ?? '') as string[];
  } catch {
    return [];
  }
}
