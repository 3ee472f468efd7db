import { createHash } from 'node:crypto';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';
import { mkdtempSync, readdir, readFileSync, readlinkSync, rm, rmSync, stat } from './files/fs';

/** What a folder in the temp folder is for; the second word of its name. */
export type TemporaryFolderKind = 'model' | 'openvino' | 'kernel' | 'notes' | 'compare' | 'stdin' | 'video' | 'build';

/** `paddlelab-KIND-PID-STARTED-PLACE-RANDOM`: who made it, so that others can tell when that process is gone. */
const NAME = /^paddlelab-[a-z]+-(\d+)-([0-9a-z]+)-([0-9a-f]{6})-\w{6}$/;

/** A process that was started to report on a dead one may still read what that left. */
const GRACE_MS = 60_000;

const present = new Set<string>();
let swept = false;

/** A folder of this process that goes when it is released, or when the process ends. */
export class TemporaryFolder {
  private constructor(readonly path: string) {}

  /** Makes one, and has what dead processes left removed, once in a process. */
  static create(kind: TemporaryFolderKind): TemporaryFolder {
    const folder = makeTemporaryFolder(kind);
    if (present.size === 0) process.once('exit', removeAll);
    present.add(folder);
    return new TemporaryFolder(folder);
  }

  async release(): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
    this.forget();
  }

  releaseSync(): void {
    rmSync(this.path, { recursive: true, force: true });
    this.forget();
  }

  private forget(): void {
    present.delete(this.path);
    if (present.size === 0) process.removeListener('exit', removeAll);
  }
}

/** A folder that outlives this process, for whoever looks after it then; swept later if nobody does. */
export function makeTemporaryFolder(kind: TemporaryFolderKind): string {
  const prefix = `paddlelab-${kind}-${process.pid}-${startOf(process.pid)}-${place()}-`;
  const folder = mkdtempSync(path.join(tmpdir(), prefix));
  if (!swept) {
    swept = true;
    // Nobody waits for it, and what it can't do the next process may.
    void sweepTemporaryFolders().catch(() => undefined);
  }
  return folder;
}

/** Removes the folders of processes that were killed, and tells which. */
export async function sweepTemporaryFolders(folder: string = tmpdir()): Promise<string[]> {
  const removed: string[] = [];
  for (const name of await readdir(folder)) {
    const [, pid, started, where] = NAME.exec(name) ?? [];
    // A process of another machine or container can't be seen from here.
    if (pid === undefined || where !== place() || startOf(Number(pid)) === started) continue;
    const file = path.join(folder, name);
    const info = await stat(file).catch(() => undefined);
    if (info === undefined || info.uid !== process.getuid?.() || Date.now() - info.mtimeMs < GRACE_MS) continue;
    await rm(file, { recursive: true, force: true });
    removed.push(name);
  }
  return removed;
}

function removeAll(): void {
  for (const folder of present) rmSync(folder, { recursive: true, force: true });
}

/** When a process started, in the kernel's clock ticks (numbers of processes come again); "0" if there is none. */
function startOf(pid: number): string {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name of the program, in parentheses, may hold anything.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return Number(fields[19]).toString(36);
  } catch {
    return '0';
  }
}

/** This machine and this set of process numbers, since containers may share a temp folder. */
function place(): string {
  let namespace = '';
  try {
    namespace = readlinkSync('/proc/self/ns/pid');
  } catch {
    // A kernel without namespaces.
  }
  return createHash('sha256').update(`${hostname()} ${namespace}`).digest('hex').slice(0, 6);
}
