import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, readlinkSync } from './fs';

// Names of temporary files tell who made them, so that others can remove what dead processes left.

let here: string | undefined;

/** Eight hexadecimal digits for this boot of this computer and the set of processes that see each other on it. */
export function processPlace(): string {
  if (here !== undefined) return here;
  const boot = readIfThere('/proc/sys/kernel/random/boot_id') ?? randomBytes(16).toString('hex');
  here = createHash('sha256').update(`${boot.trim()} ${processNamespace()}`).digest('hex').slice(0, 8);
  return here;
}

/**
 * When a process began, in ticks since the boot: numbers of processes come again, these don't. `none` where there is no
 * such process; undefined where the system does not tell.
 */
export function processStart(pid: number): string | 'none' | undefined {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // Another user's process may not be asked, but it is there.
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return 'none';
  }
  const text = readIfThere(`/proc/${pid}/stat`);
  // The name of the program, in parentheses, may hold anything.
  return text?.slice(text.lastIndexOf(')') + 2).split(' ')[19];
}

/** Whether a process of this place that began at that time is gone. */
export function isGone(pid: number, start: string): boolean {
  const now = processStart(pid);
  return now !== undefined && now !== start;
}

/** Containers number their processes anew. */
function processNamespace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return '';
  }
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return undefined;
  }
}
