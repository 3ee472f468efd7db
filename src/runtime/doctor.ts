import path from 'node:path';
import { messageOf, PaddleLabError } from '../errors';
import { readFile } from '../files/fs';
import { packageRoot } from '../package-root';
import { findableLibraries, missingCudaLibraries } from './cuda';
import { type Devices, findDevices } from './devices';
import type { GpuCode } from './fat-binaries';
import { capabilityWords, coverageWords, coversCard, gpuCodeOf, OTHER_BUILD } from './gpu-coverage';
import type { PaddleRuntime } from './inspect';
import { findJupyter, type JupyterReport } from './jupyter';
import { checkLibraries, type LibraryCheck } from './libraries';
import { type PlaceOptions, SEARCH_LOCATIONS } from './search-locations';
import { missingLibrariesFix } from './system-packages';

/** One check. Only `error` keeps paddlelab from working. */
export interface DoctorCheck {
  id: 'node' | 'addon' | 'runtime' | 'libraries' | 'gpu' | 'jupyter' | 'kernel';
  status: 'ok' | 'warning' | 'error';
  message: string;
  /** How to fix it. */
  fix?: string;
}

/** A place searched for a runtime, as plain data. */
export interface DoctorPlace {
  source: PaddleRuntime['source'];
  place: string;
  runtimes: { version: string; device: 'cpu' | 'gpu'; library: string; used: boolean }[];
  problem?: string;
}

export interface DoctorReport {
  paddlelab: string;
  usable: boolean;
  checks: DoctorCheck[];
  runtime?: PaddleRuntime;
  places: DoctorPlace[];
  libraries?: LibraryCheck;
  devices: Devices;
  jupyter: JupyterReport;
}

export interface DoctorOptions extends PlaceOptions {
  /** Loads the addon and throws if that fails. If it is undefined, that is reported, not thrown. */
  loadAddon?: () => unknown;
  /** Default: those of this machine. */
  devices?: Devices;
}

/** Checks everything that paddlelab needs, and says how to fix what is missing. */
export async function diagnose(options: DoctorOptions = {}): Promise<DoctorReport> {
  const environment = options.environment ?? process.env;
  const [{ places, runtime, problem }, devices, jupyter, own] = await Promise.all([
    lookAround(options),
    options.devices ?? findDevices(),
    findJupyter(environment),
    ownPackage(),
  ]);
  const libraries = runtime === undefined ? undefined : await checkLibraries(runtime);
  const cuda = runtime === undefined ? [] : missingCudaLibraries(runtime, await findableLibraries(runtime));
  const code = runtime === undefined ? [] : await gpuCodeOf(runtime, options.cache);
  const checks = [
    checkNode(own.node),
    await checkAddon(options.loadAddon),
    checkRuntime(runtime, problem),
    ...(libraries === undefined ? [] : [await libraryCheck(libraries)]),
    ...gpuChecks(runtime, devices, cuda),
    ...coverageChecks(code, devices),
    ...jupyterChecks(jupyter),
  ];
  const usable = checks.every((check) => check.status !== 'error');
  return { paddlelab: own.version, usable, checks, runtime, places, libraries, devices, jupyter };
}

/**
 * All places, and the runtime that would be used: the first one found, unless an earlier place is named explicitly but
 * invalid.
 */
async function lookAround(
  options: DoctorOptions,
): Promise<{ places: DoctorPlace[]; runtime?: PaddleRuntime; problem?: PaddleLabError }> {
  const reports = await Promise.all(SEARCH_LOCATIONS.map((look) => look(options)));
  const deciding = reports.find(
    (report) => report.runtimes.length > 0 || (report.problem !== undefined && report.source !== 'python'),
  );
  const runtime = deciding?.runtimes[0];
  const places = reports.map((report) => ({
    source: report.source,
    place: report.place,
    runtimes: report.runtimes.map((found) => ({
      version: found.version,
      device: found.build.device,
      library: found.library,
      used: found === runtime,
    })),
    problem: report.problem?.message,
  }));
  return { places, runtime, problem: runtime === undefined ? deciding?.problem : undefined };
}

async function ownPackage(): Promise<{ version: string; node: string }> {
  const text = await readFile(path.join(packageRoot(), 'package.json'), 'utf8');
  const own = JSON.parse(text) as { version: string; engines: { node: string } };
  return { version: own.version, node: own.engines.node.replace(/^>=\s*/, '') };
}

function checkNode(minimum: string): DoctorCheck {
  const current = process.versions.node;
  const [major = 0, minor = 0] = current.split('.').map(Number);
  const [wantedMajor = 0, wantedMinor = 0] = minimum.split('.').map(Number);
  if (major > wantedMajor || (major === wantedMajor && minor >= wantedMinor)) {
    return { id: 'node', status: 'ok', message: `Node.js ${current}` };
  }
  const fix = `install Node.js ${minimum} or newer`;
  return { id: 'node', status: 'error', message: `Node.js ${current} is older than ${minimum}`, fix };
}

async function checkAddon(load: DoctorOptions['loadAddon']): Promise<DoctorCheck> {
  try {
    if (load === undefined) throw new PaddleLabError('ADDON_UNAVAILABLE', 'no addon in this build');
    await load();
    return { id: 'addon', status: 'ok', message: 'native addon loads' };
  } catch (error) {
    const message = `native addon does not load: ${messageOf(error)}`;
    return { id: 'addon', status: 'error', message, fix: 'npx paddlelab rebuild (needs g++, make and python3)' };
  }
}

function checkRuntime(runtime: PaddleRuntime | undefined, problem: PaddleLabError | undefined): DoctorCheck {
  if (runtime !== undefined) {
    const { version, build, source } = runtime;
    const message = `Paddle ${version} for ${build.device.toUpperCase()} (${SOURCE_WORDS[source]})`;
    return { id: 'runtime', status: 'ok', message };
  }
  if (problem !== undefined) {
    const fix = 'correct it, or unset it, or: npx paddlelab runtime install';
    return { id: 'runtime', status: 'error', message: problem.message, fix };
  }
  const message = 'no Paddle runtime found';
  return { id: 'runtime', status: 'error', message, fix: 'npx paddlelab runtime install' };
}

const SOURCE_WORDS: Record<PaddleRuntime['source'], string> = {
  option: 'named by the option',
  environment: 'named by PADDLELAB_RUNTIME',
  managed: 'installed by paddlelab',
  python: 'from the Python environment on PATH',
};

async function libraryCheck(libraries: LibraryCheck): Promise<DoctorCheck> {
  const id = 'libraries';
  if (!libraries.checked) {
    return { id, status: 'warning', message: 'shared libraries not checked (no ldd)', fix: 'install ldd (libc-bin)' };
  }
  const system = Object.values(libraries.system).join(', ');
  if (libraries.missing.length === 0) return { id, status: 'ok', message: `shared libraries resolve (${system})` };
  const message = `shared libraries missing: ${libraries.missing.join(', ')}`;
  return { id, status: 'error', message, fix: await missingLibrariesFix(libraries.missing) };
}

/** Only if a GPU is present or expected: otherwise nothing is missing. */
function gpuChecks(runtime: PaddleRuntime | undefined, devices: Devices, cuda: readonly string[]): DoctorCheck[] {
  const id = 'gpu';
  const gpus = devices.gpus.length;
  const checks: DoctorCheck[] = [];
  if (runtime?.build.device === 'gpu' && gpus === 0) {
    const fix = 'install the NVIDIA driver, or use a CPU build: npx paddlelab runtime install';
    checks.push({ id, status: 'warning', message: 'a GPU build of Paddle, but no NVIDIA GPU is visible', fix });
  }
  if (runtime?.build.device === 'cpu' && gpus > 0) {
    const fix = 'npx paddlelab runtime install --gpu';
    checks.push({ id, status: 'warning', message: `${gpus} NVIDIA GPU, but Paddle is a CPU build`, fix });
  }
  if (runtime !== undefined && cuda.length > 0) {
    const { cuda: cudaVersion = '', cudnn = '' } = runtime.build;
    const fix = `install CUDA ${cudaVersion} and cuDNN ${cudnn}, and add their folders to LD_LIBRARY_PATH`;
    checks.push({ id, status: 'warning', message: `CUDA libraries not found: ${cuda.join(', ')}`, fix });
  }
  return checks;
}

/** The cards that a GPU build has code for, and the cards of this machine that it does not cover. */
function coverageChecks(code: readonly GpuCode[], { gpus }: Devices): DoctorCheck[] {
  if (code.length === 0) return [];
  const id = 'gpu';
  const covered = `compute capabilities ${coverageWords(code)}`;
  const checks: DoctorCheck[] = gpus
    .filter(({ computeCapability: own }) => own !== undefined && !coversCard(code, own))
    .map(({ index, name, computeCapability: own = 0 }) => ({
      id,
      status: 'warning',
      message: `gpu:${index} (${name}) has compute capability ${capabilityWords(own)}, but this Paddle has code for ${covered}`,
      fix: `${OTHER_BUILD}; or use device: "cpu"`,
    }));
  return checks.length > 0 ? checks : [{ id, status: 'ok', message: `GPU code for ${covered}` }];
}

function jupyterChecks(jupyter: JupyterReport): DoctorCheck[] {
  const command: DoctorCheck =
    jupyter.command === undefined
      ? { id: 'jupyter', status: 'warning', message: 'Jupyter is not on PATH', fix: 'pip install jupyterlab' }
      : { id: 'jupyter', status: 'ok', message: `Jupyter (${jupyter.command})` };
  const kernel: DoctorCheck =
    jupyter.kernelspec === undefined
      ? { id: 'kernel', status: 'warning', message: 'kernel not installed', fix: 'npx paddlelab kernel install' }
      : { id: 'kernel', status: 'ok', message: `kernel installed (${jupyter.kernelspec})` };
  return [command, kernel];
}
