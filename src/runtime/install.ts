import path from 'node:path';
import { messageOf, PaddleLabError } from '../errors';
import { isDiskFull } from '../files/disk-full';
import { describeLackOfRoom } from '../files/disk-room';
import { readdir, rm, rmdir, stat } from '../files/fs';
import { makeCacheFolder, publishFolder, removeRemains, stagingFolder } from '../files/staged-folder';
import { abortSignal, boolean, callback, type OptionChecks, oneOf, readOptions, text } from '../options';
import { acquireLock } from '../processes/lock';
import { throwIfAborted } from '../validate';
import { cacheFolder, cacheHint, downloadFolder, runtimesFolder } from './cache';
import { fetchCheckedWheel } from './checked-wheel';
import { type FetchOptions, type InstallProgress, type WheelClient, wheelClients } from './fetch-options';
import { type InstalledRuntime, readInstalled, writeManifest } from './manifest';
import { boundOpenvinoCache } from './openvino-settings';
import { type PaddleRelease, runtimeId, selectRelease } from './releases';
import { unpackRuntime } from './unpack';

/** Options of `installRuntime`. */
export interface InstallOptions {
  /** Paddle's version. Default: the one that paddlelab is tested with. */
  version?: string;
  /** The CUDA build instead of the CPU build. */
  gpu?: boolean;
  /**
   * What downloads the wheel: paddlelab itself (default), with your settings for pip, or the machine's pip or uv. If the
   * chosen one fails, no other one is tried.
   */
  client?: WheelClient;
  /** Called with each step of the download and the unpacking. */
  onProgress?: (progress: InstallProgress) => void;
  signal?: AbortSignal;
}

const checks = {
  version: text,
  gpu: boolean,
  client: oneOf(wheelClients),
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
  const { onProgress, signal, client } = readOptions('installRuntime', options, checks);
  const otherWay = 'Or have pip or uv download it: npx paddlelab runtime install --with pip';
  return installRelease(selectRelease(options), { onProgress, signal, client, otherWay });
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
  for (const folder of [runtimesFolder(cache), downloads]) await makeCacheFolder(folder, cacheHint);
  await removeRemains(target);
  await checkFreeSpace(release, cache, downloads);

  const fetched = await fetchCheckedWheel(release, downloads, options);
  const staging = stagingFolder(target);
  try {
    const files = await unpackRuntime(fetched, staging, {
      signal: options.signal,
      onProgress: (done, total) => options.onProgress?.({ phase: 'unpack', done, total }),
    });
    throwIfAborted(options.signal);
    const wheel = path.basename(fetched.kind === 'wheel' ? fetched.file : `${id}-${release.cpython}`);
    const { name, version } = release;
    const { sha256 } = fetched;
    await writeManifest(staging, { name, version, wheel, sha256, installed: new Date().toISOString(), files });
    // A cache that is shared may be read-only for those who use it.
    await boundOpenvinoCache([path.join(staging, 'paddle', 'libs')]);
    await publish(staging, target);
  } catch (error) {
    await rm(staging, { recursive: true, force: true });
    throw error;
  }
  await rm(downloads, { recursive: true, force: true });
  return (await readInstalled(target)) as InstalledRuntime;
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
  await publishFolder(staging, target);
}

/** Checks the disk space before the download instead of failing after it. */
async function checkFreeSpace(release: PaddleRelease, cache: string, downloads: string): Promise<void> {
  if (release.size === undefined) return;
  const kept = await Promise.all((await readdir(downloads)).map((name) => stat(path.join(downloads, name))));
  const fetchedSize = kept.reduce((sum, file) => sum + file.size, 0);
  // A wheel of Paddle unpacks to about three and a half times its size.
  const needed = Math.max(0, release.size - fetchedSize) + (release.unpackedSize ?? release.size * 3.5);
  const lack = await describeLackOfRoom(cache, needed);
  if (lack === undefined) return;
  throw new PaddleLabError(
    'RUNTIME_INSTALL_FAILED',
    `${lack}; free some, or name a folder on another disk in PADDLELAB_CACHE`,
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
