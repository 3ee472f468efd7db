import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';

/** Mounts a disk of a given size at a folder; undefined, with a printed note, if mounting is not possible. */
export function mountSmallDisk(folder: string, size: string): { unmount(): void } | undefined {
  mkdirSync(folder, { recursive: true });
  const { status, stderr, error } = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', folder], {
    encoding: 'utf8',
  });
  if (status === 0) return { unmount: () => void spawnSync('umount', [folder]) };
  process.stderr.write(`SKIPPED: full disks, because none can be mounted: ${error?.message ?? stderr.trim()}\n`);
  return undefined;
}
