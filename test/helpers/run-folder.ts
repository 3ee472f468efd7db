import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** The environment variable with the folder for all temporary files of a run. */
const VARIABLE = 'PADDLELAB_TEST_FOLDER';

/** How long processes started by a test file may take to end after it. */
const PATIENCE_MS = 20_000;

/**
 * Creates the temporary folder of a run. Every test file gets a subfolder as its TMPDIR, inherited by its processes, so
 * that leftover files can be traced to their test file.
 */
export function makeRunFolder(): void {
  // Called for each project of the run.
  // Short, because paths of sockets in it are limited to 107 characters.
  const prefix = `pl-${process.pid}-`;
  if (path.basename(process.env[VARIABLE] ?? '').startsWith(prefix)) return;
  process.env[VARIABLE] = mkdtempSync(path.join(tmpdir(), prefix));
}

/**
 * Sets the temporary folder of a test file for this process. The name is short: socket paths are limited to 107
 * characters.
 */
export function enterFileFolder(testFile: string): void {
  const run = process.env[VARIABLE];
  if (run === undefined) return;
  const folder = path.join(run, path.basename(testFile, '.test.ts').slice(0, 16));
  mkdirSync(folder, { recursive: true });
  process.env.TMPDIR = folder;
}

/**
 * Removes the folder of a run, and returns what tests or the product left in it, one line each. Synchronous, because it
 * is the last step of a run; it waits for processes that are just ending.
 */
export function removeRunFolder(): string[] {
  const run = process.env[VARIABLE];
  if (run === undefined) return [];
  const end = Date.now() + PATIENCE_MS;
  while (processesIn(run).length > 0 && Date.now() < end) pause(100);
  const left = [
    ...processesIn(run).map((command) => `a process that still runs: ${command}`),
    ...readdirSync(run).flatMap((file) => readdirSync(path.join(run, file)).map((name) => `${file}: ${name}`)),
  ];
  rmSync(run, { recursive: true, force: true });
  return left;
}

/** The command lines of other processes with a temporary folder below this one. */
function processesIn(folder: string): string[] {
  const found: string[] = [];
  for (const pid of readdirSync('/proc')) {
    if (!/^\d+$/.test(pid) || Number(pid) === process.pid) continue;
    try {
      const environment = readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0');
      if (!environment.some((entry) => entry.startsWith(`TMPDIR=${folder}/`))) continue;
      found.push(`${pid} ${readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').slice(0, 200)}`);
    } catch {
      // It has ended meanwhile, or belongs to another user.
    }
  }
  return found;
}

function pause(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}
