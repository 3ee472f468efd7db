import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll } from 'vitest';

const folders: string[] = [];

/** A folder for one test file, removed after its tests. */
export function makeFolder(): string {
  return makeIn(path.join(tmpdir(), 'paddlelab-test-'));
}

/** The same for sockets, whose paths have at most 107 bytes, wherever TMPDIR is. */
export function makeShortFolder(): string {
  return makeIn('/tmp/pl-');
}

/** The same with files by their paths; objects become JSON. */
export function folderWith(files: Readonly<Record<string, string | object>>): string {
  const folder = makeFolder();
  writeFiles(folder, files);
  return folder;
}

export function writeFiles(folder: string, files: Readonly<Record<string, string | object>>): void {
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  }
}

function makeIn(prefix: string): string {
  const folder = mkdtempSync(prefix);
  folders.push(folder);
  return folder;
}

afterAll(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});
