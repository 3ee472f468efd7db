import { createHash } from 'node:crypto';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { messageOf, PaddleLabError } from '../errors';
import { isDiskFull } from '../files/disk-full';
import {
  cp,
  createReadStream,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  rmdir,
  stat,
  statfs,
  writeFile,
} from '../files/fs';
import { abortSignal, boolean, callback, type OptionChecks, readOptions, text } from '../options';
import { throwIfAborted } from '../validate';
import { cacheFolder, cacheHint, downloadFolder, runtimesFolder } from './cache';
import { type Fetched, type FetchOptions, fetchWheel, type InstallProgress } from './fetch';
import { acquireLock } from './lock';
import { type InstalledRuntime, type RuntimeFile, readInstalled, writeManifest } from './manifest';
import { type PaddleRelease, runtimeId, selectRelease } from './releases';
import { isRuntimeFile, unpackWheel } from './unpack';

export interface InstallOptions {
  /** Paddle's version. Default: the one that paddlelab is tested with. */
  version?: string;
  /** The CUDA build instead of the CPU build. */
  gpu?: boolean;
  onProgress?: (progress: InstallProgress) => void;
  signal?: AbortSignal;
}

const checks = {
  version: text,
  gpu: boolean,
  onProgress: callback,
  signal: abortSignal,
} satisfies OptionChecks<InstallOptions>;

export interface InstallReleaseOptions extends FetchOptions {
  /** Folder to install into; default: the user's cache. */
  cache?: string;
}

/**
 * Installs a Paddle runtime into the user's cache, or returns it at once if it is installed.
 *
 * If it is killed at any point, the next call resumes the download; a partial runtime is never visible.
 */
export async function installRuntime(options: InstallOptions = {}): Promise<InstalledRuntime> {
  const { onProgress, signal } = readOptions('installRuntime', options, checks);
  return installRelease(selectRelease(options), { onProgress, signal });
}

/** Installs one given wheel. */
export async function installRelease(
  release: PaddleRelease,
  options: InstallReleaseOptions = {},
): Promise<InstalledRuntime> {
  const cache = options.cache ?? cacheFolder();
  const id = runtimeId(release);
  const target = path.join(runtimesFolder(cache), id);
  const present = await readInstalled(target);
  if (present?.complete) return present;
  const lock = await acquireLock(target, {
    signal: options.signal,
    onWait: () => options.onProgress?.({ phase: 'wait', done: 0, total: 0 }),
  });
  try {
    return await installLocked(release, cache, target, options);
  } catch (error) {
    // Removed only if empty: a partial download is worth keeping.
    await rmdir(downloadFolder(id, cache)).catch(() => {});
    throw asInstallError(error, release, options.signal);
  } finally {
    lock.release();
  }
}

async function installLocked(
  release: PaddleRelease,
  cache: string,
  target: string,
  options: InstallReleaseOptions,
): Promise<InstalledRuntime> {
  // Another process may have installed it while this one waited.
  const present = await readInstalled(target);
  if (present?.complete) return present;
  const id = path.basename(target);
  const downloads = downloadFolder(id, cache);
  await makeFolders(runtimesFolder(cache), downloads);
  await removeStaging(runtimesFolder(cache), id);
  await checkFreeSpace(release, cache, downloads);

  const fetched = (await keptWheel(release, downloads)) ?? (await fetchWheel(release, downloads, options));
  const sha256 = fetched.kind === 'wheel' ? await verify(release, fetched, options) : fetched.sha256;
  const staging = path.join(runtimesFolder(cache), `.staging-${id}-${process.pid}`);
  try {
    const files = await unpack(fetched, staging, options);
    throwIfAborted(options.signal);
    const wheel = path.basename(fetched.kind === 'wheel' ? fetched.file : `${id}-${release.cpython}`);
    const { name, version } = release;
    await writeManifest(staging, { name, version, wheel, sha256, installed: new Date().toISOString(), files });
    await publish(staging, target);
  } catch (error) {
    await rm(staging, { recursive: true, force: true });
    throw error;
  }
  await rm(downloads, { recursive: true, force: true });
  return (await readInstalled(target)) as InstalledRuntime;
}

async function makeFolders(...folders: readonly string[]): Promise<void> {
  try {
    for (const folder of folders) await mkdir(folder, { recursive: true });
  } catch (error) {
    throw new PaddleLabError('FILE_UNWRITABLE', `${messageOf(error)}; ${cacheHint}`, {
      cause: error,
    });
  }
}

/**
 * Makes the runtime visible atomically. Containers that share a cache don't share locks: the second one keeps the first
 * one's result.
 */
async function publish(staging: string, target: string): Promise<void> {
  if ((await readInstalled(target))?.complete) {
    await rm(staging, { recursive: true, force: true });
    return;
  }
  // The remains of a damaged runtime would make the rename fail.
  await rm(target, { recursive: true, force: true });
  await rename(staging, target);
}

/**
 * Removes old staging folders of this runtime: this process holds the lock, so the processes that made them have ended.
 */
async function removeStaging(folder: string, id: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!name.startsWith(`.staging-${id}-`)) continue;
    await rm(path.join(folder, name), { recursive: true, force: true });
  }
}

/** A complete wheel left by a run that was killed while unpacking. */
async function keptWheel(release: PaddleRelease, downloads: string): Promise<Fetched | undefined> {
  const name = (await readdir(downloads)).find((file) => file.endsWith('.whl'));
  if (name === undefined) return undefined;
  const file = path.join(downloads, name);
  const noted = await readFile(`${file}.sha256`, 'utf8').catch(() => undefined);
  const expected = release.sha256 ?? noted;
  // No hash to check against, or a mismatch: download again instead of failing.
  if (expected === undefined || (await sha256Of(file)) !== expected) {
    await rm(file, { force: true });
    return undefined;
  }
  return { kind: 'wheel', file, sha256: expected };
}

async function verify(
  release: PaddleRelease,
  fetched: Extract<Fetched, { kind: 'wheel' }>,
  options: InstallReleaseOptions,
): Promise<string> {
  options.onProgress?.({ phase: 'verify', done: 0, total: 0 });
  const expected = release.sha256 ?? fetched.sha256;
  const actual = await sha256Of(fetched.file, options.signal);
  if (expected !== undefined && actual !== expected) {
    await rm(fetched.file, { force: true });
    throw new PaddleLabError(
      'RUNTIME_INSTALL_FAILED',
      `Expected SHA-256 ${expected} for ${path.basename(fetched.file)} but received ${actual}; the file was deleted. ` +
        'Run the same command again; if it repeats, the index or mirror serves another file',
    );
  }
  await writeFile(`${fetched.file}.sha256`, actual);
  return actual;
}

async function sha256Of(file: string, signal?: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file, { highWaterMark: 1 << 20 }), hash, { signal });
  return hash.digest('hex');
}

async function unpack(fetched: Fetched, staging: string, options: InstallReleaseOptions): Promise<RuntimeFile[]> {
  const onProgress = (done: number, total: number): void => options.onProgress?.({ phase: 'unpack', done, total });
  if (fetched.kind === 'wheel') return unpackWheel(fetched.file, staging, { onProgress, signal: options.signal });
  const names = (await readdir(fetched.folder, { recursive: true })).filter(isRuntimeFile).sort();
  const files: RuntimeFile[] = [];
  for (const name of names) {
    throwIfAborted(options.signal);
    const { size } = await stat(path.join(fetched.folder, name));
    await cp(path.join(fetched.folder, name), path.join(staging, name));
    files.push({ path: name, size });
    onProgress(files.length, names.length);
  }
  return files;
}

/** Checks the disk space before the download instead of failing after it. */
async function checkFreeSpace(release: PaddleRelease, cache: string, downloads: string): Promise<void> {
  if (release.size === undefined) return;
  const kept = await Promise.all((await readdir(downloads)).map((name) => stat(path.join(downloads, name))));
  const fetchedSize = kept.reduce((sum, file) => sum + file.size, 0);
  // A wheel of Paddle unpacks to about three and a half times its size.
  const needed = Math.max(0, release.size - fetchedSize) + (release.unpackedSize ?? release.size * 3.5);
  const disk = await statfs(cache);
  const free = disk.bavail * disk.bsize;
  if (free >= needed) return;
  const megabytes = (bytes: number): string => `${Math.ceil(bytes / 1e6)} MB`;
  throw new PaddleLabError(
    'RUNTIME_INSTALL_FAILED',
    `Expected ${megabytes(needed)} free for ${cache} but received ${megabytes(free)}; ` +
      'free some, or name a folder on another disk in PADDLELAB_CACHE',
  );
}

function asInstallError(error: unknown, release: PaddleRelease, signal: AbortSignal | undefined): unknown {
  throwIfAborted(signal);
  if (error instanceof PaddleLabError) return error;
  const full = isDiskFull(error);
  return new PaddleLabError(
    'RUNTIME_INSTALL_FAILED',
    `Could not install ${runtimeId(release)}: ${full ? 'the disk is full. Make room, then run' : `${messageOf(error)}. Run`} ` +
      'the same command again to go on',
    { cause: error },
  );
}
