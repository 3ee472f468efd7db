import { PaddleLabError } from '../errors';
import { rm } from '../files/fs';
import { removeFolder } from '../files/staged-folder';
import { readOptions } from '../options';
import { acquireLock } from '../processes/lock';
import { checkString } from '../validate';
import { cacheFolder, downloadFolder } from './cache';
import { type CacheOptions, cacheChecks, type InstalledRuntime, listRuntimes } from './manifest';

/**
 * Removes a runtime from the cache.
 *
 * @param version a version like `2.6.2`, or a full name like `paddlepaddle-gpu-2.6.2` if both builds are installed
 */
export async function removeRuntime(version: string, options: CacheOptions = {}): Promise<InstalledRuntime> {
  checkString('version', version);
  const { cache = cacheFolder() } = readOptions('removeRuntime', options, cacheChecks);
  const runtime = pick(version, await listRuntimes({ cache }));
  const lock = await acquireLock(runtime.path);
  try {
    await removeFolder(runtime.path);
    await rm(downloadFolder(runtime.id, cache), { recursive: true, force: true });
  } finally {
    lock.release();
  }
  return runtime;
}

function pick(version: string, installed: readonly InstalledRuntime[]): InstalledRuntime {
  const matches = installed.filter((runtime) => runtime.id === version || runtime.version === version);
  const names = (runtimes: readonly InstalledRuntime[]): string => runtimes.map((runtime) => runtime.id).join(', ');
  if (matches.length === 1 && matches[0] !== undefined) return matches[0];
  if (matches.length > 1) {
    throw new PaddleLabError(
      'INVALID_ARGUMENT',
      `Expected one of ${names(matches)} for version but received ${version}`,
    );
  }
  throw new PaddleLabError(
    'RUNTIME_NOT_FOUND',
    `Expected an installed runtime for version but received ${JSON.stringify(version)}; ` +
      `installed: ${names(installed) || 'none'}`,
  );
}
