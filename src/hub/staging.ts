import path from 'node:path';
import { sha256Of } from '../files/digest';
import { readdir, stat } from '../files/fs';
import { publishFolder } from '../files/staged-folder';
import { type PulledFile, readPulled } from './store';

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
  await publishFolder(staging, target);
}
