import path from 'node:path';
import { PaddleLabError } from '../errors';
import { readdir, readFile, stat } from '../files/fs';
import { parseCppVersion, parseWheelVersion, type VersionFacts } from './version-files';

/** Where a runtime was found. */
export type RuntimeSource = 'option' | 'environment' | 'managed' | 'python';

/** The features of a Paddle build, from its own version file. */
export interface PaddleBuild {
  device: 'cpu' | 'gpu';
  cuda?: string;
  cudnn?: string;
  tensorrt?: string;
  mkl: boolean;
  openvino: boolean;
}

/** A Paddle that the addon can load. */
export interface PaddleRuntime {
  /** `wheel`: the layout of the Python package; `cpp-package`: that of the C++ inference package. */
  kind: 'wheel' | 'cpp-package';
  source: RuntimeSource;
  root: string;
  /** Absolute path of libpaddle.so or libpaddle_inference.so. */
  library: string;
  /** Folders with libraries that it needs. A wheel's library finds its own; the addon searches the others. */
  libraryPath: string[];
  version: string;
  commit?: string;
  build: PaddleBuild;
}

/** Inspects a folder: an (unpacked) wheel, site-packages, `.../paddle`, or a C++ inference package. */
export async function inspectFolder(folder: string, source: RuntimeSource): Promise<PaddleRuntime> {
  const absolute = path.resolve(folder);
  const info = await stat(absolute).catch(() => undefined);
  if (info === undefined) throw invalid(absolute, 'it does not exist');
  if (!info.isDirectory()) {
    const hint = absolute.endsWith('.whl') ? 'a wheel file has to be unpacked first' : 'it is a file';
    throw invalid(absolute, hint);
  }
  const runtime = (await inspectWheel(absolute, source)) ?? (await inspectCppPackage(absolute, source));
  if (runtime !== undefined) return runtime;
  throw invalid(absolute, await whyNot(absolute));
}

/** `base` since Paddle 2.6, `fluid` before. */
const WHEEL_LIBRARIES = ['base/libpaddle.so', 'fluid/libpaddle.so'];

async function inspectWheel(folder: string, source: RuntimeSource): Promise<PaddleRuntime | undefined> {
  for (const paddle of [path.join(folder, 'paddle'), folder]) {
    const library = await firstFile(paddle, WHEEL_LIBRARIES);
    if (library === undefined) continue;
    const facts = parseWheelVersion(await readFirst(paddle, ['version/__init__.py', 'version.py']));
    const libs = path.join(paddle, 'libs');
    // GPU builds use the CUDA libraries of sibling Python packages.
    const nvidia = await subfolders(path.join(paddle, '..', 'nvidia'), 'lib');
    return describe('wheel', source, folder, library, [libs, ...nvidia], facts);
  }
  return undefined;
}

async function inspectCppPackage(folder: string, source: RuntimeSource): Promise<PaddleRuntime | undefined> {
  // The archive's own folder, the folder it was unpacked into, or the `paddle` folder inside it.
  const candidates = [folder, path.join(folder, 'paddle_inference')];
  if (path.basename(folder) === 'paddle') candidates.unshift(path.dirname(folder));
  for (const root of candidates) {
    const library = await firstFile(root, ['paddle/lib/libpaddle_inference.so', 'lib/libpaddle_inference.so']);
    if (library === undefined) continue;
    const facts = parseCppVersion(await readFirst(root, ['version.txt']));
    const install = path.join(root, 'third_party', 'install');
    return describe(
      'cpp-package',
      source,
      root,
      library,
      [path.dirname(library), ...(await subfolders(install, 'lib'))],
      facts,
    );
  }
  return undefined;
}

async function describe(
  kind: PaddleRuntime['kind'],
  source: RuntimeSource,
  root: string,
  library: string,
  libraryPath: string[],
  facts: VersionFacts,
): Promise<PaddleRuntime> {
  const folders: string[] = [];
  let openvino = facts.openvino ?? false;
  for (const folder of libraryPath) {
    const names = await readdir(folder).catch(() => undefined);
    if (names === undefined) continue;
    folders.push(folder);
    openvino ||= names.some((name) => name.startsWith('libopenvino.so'));
  }
  const { version, commit, ...build } = facts;
  return { kind, source, root, library, libraryPath: folders, version, commit, build: { ...build, openvino } };
}

async function firstFile(folder: string, names: readonly string[]): Promise<string | undefined> {
  for (const name of names) {
    const file = path.join(folder, name);
    if ((await stat(file).catch(() => undefined))?.isFile()) return file;
  }
  return undefined;
}

async function readFirst(folder: string, names: readonly string[]): Promise<string> {
  const file = await firstFile(folder, names);
  return file === undefined ? '' : readFile(file, 'utf8');
}

async function subfolders(folder: string, name: string): Promise<string[]> {
  const children = await readdir(folder).catch(() => []);
  return children.sort().map((child) => path.join(folder, child, name));
}

async function whyNot(folder: string): Promise<string> {
  const old = ['paddle/fluid', 'fluid', 'paddle/base', 'base'];
  for (const name of old) {
    const files = await readdir(path.join(folder, name)).catch(() => []);
    if (files.some((file) => /^core_(no)?avx.*\.so$/.test(file))) return 'its Paddle is older than 2.5';
  }
  return 'it contains neither paddle/base/libpaddle.so nor lib/libpaddle_inference.so';
}

function invalid(folder: string, reason: string): PaddleLabError {
  return new PaddleLabError(
    'RUNTIME_INVALID',
    `Expected the folder of a Paddle wheel or C++ package for the runtime but received ${folder}: ${reason}. ` +
      'Name the folder that contains "paddle" (site-packages, or an unpacked wheel) or "paddle_inference", ' +
      'or install a runtime with: npx paddlelab runtime install',
  );
}
