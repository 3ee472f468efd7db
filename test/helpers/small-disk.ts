import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';

/** A disk of so many bytes at a folder; undefined, with a loud line, where none can be mounted. */
export function mountSmallDisk(folder: string, size: string): { unmount(): void } | undefined {
  mkdirSync(folder, { recursive: true });
  const { status, stderr, error } = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', folder], {
    encoding: 'utf8',
  });
  if (status === 0) return { unmount: () => void spawnSync('umount', [folder]) };
  process.stderr.write(`SKIPPED: a disk without room, for none can be mounted: ${error?.message ?? stderr.trim()}\n`);
  return undefined;
}
