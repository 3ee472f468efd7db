import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Names the folder in which a run keeps all its temporary files, for every process of the run. */
const VARIABLE = 'PADDLELAB_TEST_FOLDER';

/** How long processes that a test file started may take to end after it. */
const PATIENCE_MS = 20_000;

/**
 * Makes the one temporary folder of a run. Every test file gets a folder in it as its TMPDIR, which its processes inherit,
 * so that what is left there in the end has a culprit.
 */
export function makeRunFolder(): void {
  // Called for each project of the run.
  // Short, because sockets in it have paths of 107 letters at most.
  const prefix = `pl-${process.pid}-`;
  if (path.basename(process.env[VARIABLE] ?? '').startsWith(prefix)) return;
  process.env[VARIABLE] = mkdtempSync(path.join(tmpdir(), prefix));
}

/** Makes the temporary folder of a test file that of this process. The name is short: sockets have paths of 107 letters. */
export function enterFileFolder(testFile: string): void {
  const run = process.env[VARIABLE];
  if (run === undefined) return;
  const folder = path.join(run, path.basename(testFile, '.test.ts').slice(0, 16));
  mkdirSync(folder, { recursive: true });
  process.env.TMPDIR = folder;
}

/**
 * Removes the folder of a run, and tells what tests or the product had left in it, a line each. Synchronous, as it is the
 * last thing of a run; processes that are just ending are waited for.
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

/** The command lines of other processes whose temporary folder is in this one. */
function processesIn(folder: string): string[] {
  const found: string[] = [];
  for (const pid of readdirSync('/proc')) {
    if (!/^\d+$/.test(pid) || Number(pid) === process.pid) continue;
    try {
      const environment = readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0');
      if (!environment.some((entry) => entry.startsWith(`TMPDIR=${folder}/`))) continue;
      found.push(`${pid} ${readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').slice(0, 200)}`);
    } catch {
      // Ended in the meantime, or somebody else's.
    }
  }
  return found;
}

function pause(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}
