import path from 'node:path';
import { messageOf, PaddleLabError } from '../errors';
import { sha256Of } from '../files/digest';
import { errnoOf } from '../files/file-error';
import { mkdir, readdir, rename, rm, stat } from '../files/fs';
import { type PulledFile, readPulled } from './store';

/** The folder in which a model is prepared; the number of the process is its last part. */
export function stagingFolder(target: string): string {
  return path.join(path.dirname(target), `.staging-${path.basename(target)}-${process.pid}`);
}

export async function makeModelsFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    const hint = 'name a folder that you can write to in PADDLELAB_MODELS';
    throw new PaddleLabError('FILE_UNWRITABLE', `${messageOf(error)}; ${hint}`, { cause: error });
  }
}

/** This process holds the lock, so the processes that made old staging folders have ended. */
export async function removeStaging(folder: string, name: string): Promise<void> {
  for (const entry of await readdir(folder)) {
    if (!entry.startsWith(`.staging-${name}-`) && !entry.startsWith(`.removed-${name}-`)) continue;
    if (!/^\d+$/.test(entry.slice(entry.lastIndexOf('-') + 1))) continue;
    await rm(path.join(folder, entry), { recursive: true, force: true });
  }
}

export async function listFiles(folder: string, signal: AbortSignal | undefined): Promise<PulledFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files: PulledFile[] = [];
  for (const entry of entries.filter((candidate) => candidate.isFile())) {
    const file = path.join(entry.parentPath, entry.name);
    const { size } = await stat(file);
    files.push({ path: path.relative(folder, file), size, sha256: await sha256Of(file, signal) });
  }
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/**
 * Makes the model visible atomically. Containers that share a cache don't share locks: the second one keeps the first
 * one's result.
 */
export async function publish(staging: string, target: string, update: boolean): Promise<void> {
  if (!update && (await readPulled(target))?.complete) return;
  const old = path.join(path.dirname(target), `.removed-${path.basename(target)}-${process.pid}`);
  await rename(target, old).catch((error: unknown) => {
    if (errnoOf(error) !== 'ENOENT') throw error;
  });
  await rename(staging, target);
  await rm(old, { recursive: true, force: true });
}
