import path from 'node:path';
import { messageOf, PaddleLabError } from '../errors';
import { errnoOf } from './file-error';
import { mkdir, readdir, rename, rm } from './fs';

// Folders of a cache that processes share: each is prepared beside its place, and is there whole or not at all. Names
// with a dot are no entries of the cache; the last part is the number of the process.

const besides = (target: string, kind: 'staging' | 'removed'): string =>
  path.join(path.dirname(target), `.${kind}-${path.basename(target)}-${process.pid}`);

/** The folder in which the content of a folder is prepared. */
export function stagingFolder(target: string): string {
  return besides(target, 'staging');
}

/**
 * Removes what ended processes have left beside a folder; only for a process that holds its lock, because then no other
 * one prepares it.
 */
export async function removeRemains(target: string): Promise<void> {
  const folder = path.dirname(target);
  const starts = [`.staging-${path.basename(target)}-`, `.removed-${path.basename(target)}-`];
  for (const entry of await readdir(folder)) {
    const start = starts.find((candidate) => entry.startsWith(candidate));
    if (start === undefined || !/^\d+$/.test(entry.slice(start.length))) continue;
    await rm(path.join(folder, entry), { recursive: true, force: true });
  }
}

/** Puts a prepared folder in its place, atomically; what was there is removed. */
export async function publishFolder(staging: string, target: string): Promise<void> {
  const old = besides(target, 'removed');
  await rename(target, old).catch((error: unknown) => {
    if (errnoOf(error) !== 'ENOENT') throw error;
  });
  await rename(staging, target);
  await rm(old, { recursive: true, force: true });
}

/** Removes a folder; it is renamed first, so that a partly removed one is never found. */
export async function removeFolder(target: string): Promise<void> {
  const old = besides(target, 'removed');
  await rename(target, old);
  await rm(old, { recursive: true, force: true });
}

/**
 * Makes a folder of a cache.
 *
 * @param hint how another place is named
 * @throws PaddleLabError FILE_UNWRITABLE
 */
export async function makeCacheFolder(folder: string, hint: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    throw new PaddleLabError('FILE_UNWRITABLE', `${messageOf(error)}; ${hint}`, { cause: error });
  }
}
