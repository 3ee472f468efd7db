import path from 'node:path';
import { messageOf, PaddleLabError } from '../errors';
import { readdir } from '../files/fs';
import { loadBinding, stubsFile } from '../native/binding';
import type { NativeLibraryInfo } from '../native/paddle-types';
import { findRuntime, type PaddleRuntime } from '../runtime';
import { boundOpenvinoCache } from '../runtime/openvino-settings';
import { missingLibrariesFix } from '../runtime/system-packages';

/** The Paddle library of this process, with its runtime. */
export interface LoadedLibrary {
  readonly runtime: PaddleRuntime;
  /** The configuration methods that this Paddle has, by their C++ names. */
  readonly configMethods: ReadonlySet<string>;
  /** Paddle's version text: `version: 3.3.1\ncommit: …\nbranch: …`. */
  readonly versionText: string;
  readonly trtCompileVersion: readonly [number, number, number];
}

let loaded: LoadedLibrary | undefined;
let loading: Promise<LoadedLibrary> | undefined;

/**
 * Loads Paddle into this process, once. A process can hold only one Paddle; loading another one later is refused.
 *
 * @throws PaddleLabError RUNTIME_NOT_FOUND, RUNTIME_INVALID, RUNTIME_CONFLICT, ADDON_UNAVAILABLE
 */
export async function loadLibrary(runtime?: string): Promise<LoadedLibrary> {
  if (loaded !== undefined && runtime === undefined) return loaded;
  const wanted = await findRuntime({ runtime });
  while (loading !== undefined) await loading.catch(() => undefined);
  if (loaded !== undefined) {
    if (loaded.runtime.library === wanted.library) return loaded;
    throw conflict(loaded.runtime.root, wanted.root);
  }
  loading = open(wanted);
  try {
    loaded = await loading;
    return loaded;
  } finally {
    loading = undefined;
  }
}

async function open(runtime: PaddleRuntime): Promise<LoadedLibrary> {
  const binding = loadBinding();
  // Where the folder can't be written, OpenVINO keeps its own bound.
  if (runtime.source === 'managed') await boundOpenvinoCache(runtime.libraryPath).catch(() => undefined);
  let info: NativeLibraryInfo;
  try {
    info = await binding.loadLibrary(runtime.library, stubsFile(), await dependencies(runtime));
  } catch (error) {
    if ((error as { code?: string }).code === 'RUNTIME_CONFLICT') throw conflict(messageOf(error), runtime.root, error);
    throw new PaddleLabError(
      'RUNTIME_INVALID',
      `Can't load Paddle ${runtime.version} from ${runtime.library}: ${messageOf(error)}\n${await wayOut(messageOf(error))}`,
      { cause: error },
    );
  }
  const { configMethods, version, trtCompileVersion } = info;
  return { runtime, configMethods: new Set(configMethods), versionText: version, trtCompileVersion };
}

/** What to do about an error of the dynamic loader. */
async function wayOut(message: string): Promise<string> {
  const missing = /^(lib\S+): cannot open shared object file|version `(\S+)' not found/.exec(message);
  const name = missing?.[1] ?? missing?.[2];
  if (name === undefined) {
    return 'See `npx paddlelab doctor`, or install a fresh runtime with `npx paddlelab runtime install`.';
  }
  return `This system has no ${name}: ${await missingLibrariesFix([name])}`;
}

/** The C++ package's library does not record where its dependencies are, so they are opened first. */
async function dependencies(runtime: PaddleRuntime): Promise<string[]> {
  if (runtime.kind === 'wheel') return [];
  const order = [
    ...['libiomp5.so', 'libmklml_intel.so', 'libdnnl.so', 'libtbb.so', 'libopenvino.so'],
    'libopenvino_paddle_frontend.so',
    ...['libcommon.so', 'libphi_core.so', 'libphi.so'],
  ];
  const files: string[] = [];
  for (const folder of runtime.libraryPath) {
    for (const name of await readdir(folder).catch(() => [])) files.push(path.join(folder, name));
  }
  return order.flatMap((start) => files.filter((file) => path.basename(file).startsWith(start)).slice(0, 1));
}

function conflict(present: string, wanted: string, cause?: unknown): PaddleLabError {
  return new PaddleLabError(
    'RUNTIME_CONFLICT',
    `This process has loaded the Paddle of ${present} and can't load that of ${wanted} as well; ` +
      'restart the kernel, or use compareBackends, which runs each in a separate process',
    { cause },
  );
}
