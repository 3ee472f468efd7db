import path from 'node:path';
import { messageOf, PaddleLabError } from '../errors';
import { errnoOf } from '../files/file-error';
import { readdir, readFile, stat, writeFile } from '../files/fs';
import { type OptionChecks, readOptions, text } from '../options';
import { cacheFolder, cacheHint, runtimesFolder } from './cache';

/** A file of a runtime, relative to the runtime's folder. */
export interface RuntimeFile {
  path: string;
  size: number;
}

/**
 * The content of `manifest.json` in a managed runtime's folder. It is written last, so a folder that has it is
 * complete.
 */
export interface RuntimeManifest {
  name: string;
  version: string;
  /** File name of the wheel it came from. */
  wheel: string;
  /** SHA-256 of that wheel; absent when the package client unpacked it itself and no hash was known. */
  sha256?: string;
  /** ISO date. */
  installed: string;
  files: RuntimeFile[];
}

/** A runtime in the cache. */
export interface InstalledRuntime {
  /** Folder name, like `paddlepaddle-3.3.1`. */
  id: string;
  name: string;
  version: string;
  device: 'cpu' | 'gpu';
  path: string;
  /** Bytes on disk. */
  size: number;
  wheel: string;
  sha256?: string;
  installed: string;
  /** False if files were removed or changed since; installing it again repairs it. */
  complete: boolean;
}

const MANIFEST = 'manifest.json';

export async function writeManifest(folder: string, manifest: RuntimeManifest): Promise<void> {
  await writeFile(path.join(folder, MANIFEST), `${JSON.stringify(manifest, undefined, 2)}\n`);
}

/** The runtime in a folder of the cache, or undefined if there is none. */
export async function readInstalled(folder: string): Promise<InstalledRuntime | undefined> {
  const manifest = await readManifest(folder);
  if (manifest === undefined) return undefined;
  return {
    id: path.basename(folder),
    name: manifest.name,
    version: manifest.version,
    device: manifest.name.endsWith('-gpu') ? 'gpu' : 'cpu',
    path: folder,
    size: manifest.files.reduce((sum, file) => sum + file.size, 0),
    wheel: manifest.wheel,
    sha256: manifest.sha256,
    installed: manifest.installed,
    complete: await filesArePresent(folder, manifest.files),
  };
}

async function readManifest(folder: string): Promise<RuntimeManifest | undefined> {
  try {
    const manifest = JSON.parse(await readFile(path.join(folder, MANIFEST), 'utf8')) as RuntimeManifest;
    return Array.isArray(manifest.files) ? manifest : undefined;
  } catch {
    return undefined;
  }
}

async function filesArePresent(folder: string, files: readonly RuntimeFile[]): Promise<boolean> {
  for (const file of files) {
    const found = await stat(path.join(folder, file.path)).catch(() => undefined);
    if (found?.size !== file.size) return false;
  }
  return true;
}

/** Where runtimes are looked for. */
export interface CacheOptions {
  /** A folder instead of the user's cache. */
  cache?: string;
}

export const cacheChecks = { cache: text } satisfies OptionChecks<CacheOptions>;

/**
 * The runtimes in the cache, newest version first.
 *
 * @throws PaddleLabError FILE_NOT_FOUND where the cache is there but can't be read
 */
export async function listRuntimes(options: CacheOptions = {}): Promise<InstalledRuntime[]> {
  const { cache = cacheFolder() } = readOptions('listRuntimes', options, cacheChecks);
  const folder = runtimesFolder(cache);
  const names = await readdir(folder).catch((error: unknown) => {
    if (errnoOf(error) === 'ENOENT') return [];
    throw new PaddleLabError('FILE_NOT_FOUND', `${messageOf(error)}; ${cacheHint}`, { cause: error });
  });
  const runtimes: InstalledRuntime[] = [];
  for (const name of names) {
    // A leading dot marks a folder that is being installed or removed.
    if (name.startsWith('.')) continue;
    const runtime = await readInstalled(path.join(folder, name));
    if (runtime !== undefined) runtimes.push(runtime);
  }
  return runtimes.sort((a, b) => compareVersions(b.version, a.version) || (a.name < b.name ? -1 : 1));
}

/** Orders versions by their numbers; suffixes (rc, post) are compared as text. */
export function compareVersions(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}
