import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, readlinkSync } from './fs';

// Names of temporary files identify their process, so that files of dead processes can be removed by others.

let here: string | undefined;

/** Eight hexadecimal digits that identify this boot of this computer and this PID namespace. */
export function processPlace(): string {
  if (here !== undefined) return here;
  const boot = readIfThere('/proc/sys/kernel/random/boot_id') ?? randomBytes(16).toString('hex');
  here = createHash('sha256').update(`${boot.trim()} ${processNamespace()}`).digest('hex').slice(0, 8);
  return here;
}

/**
 * The start time of a process, in ticks since boot: PIDs are reused, start times are not. `none` if there is no such
 * process; undefined if the system does not report it.
 */
export function processStart(pid: number): string | 'none' | undefined {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // A process of another user can't be queried, but it exists.
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return 'none';
  }
  const text = readIfThere(`/proc/${pid}/stat`);
  // The program name in parentheses may contain any characters.
  return text?.slice(text.lastIndexOf(')') + 2).split(' ')[19];
}

/** Whether a process of this boot and namespace, with this start time, has ended. */
export function isGone(pid: number, start: string): boolean {
  const now = processStart(pid);
  return now !== undefined && now !== start;
}

/** Containers have their own PID namespaces. */
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
