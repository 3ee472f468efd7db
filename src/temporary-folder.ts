import { tmpdir } from 'node:os';
import path from 'node:path';
import { messageOf, PaddleLabError } from './errors';
import { mkdtempSync, readdir, rm, rmSync, stat } from './files/fs';
import { isGone, processPlace, processStart } from './files/process-identity';

/** What a folder in the temp folder is for; the second word of its name. */
export type TemporaryFolderKind = 'model' | 'openvino' | 'kernel' | 'notes' | 'compare' | 'stdin' | 'video' | 'build';

/** `paddlelab-KIND-PID-STARTED-PLACE-RANDOM`: who made it, so that others can tell when that process is gone. */
const NAME = /^paddlelab-[a-z]+-(\d+)-(\d+)-([0-9a-f]{8})-\w{6}$/;

/** A process that was started to report on a dead one may still read what that left. */
const GRACE_MS = 60_000;

const present = new Set<string>();
let swept = false;

/** A folder of this process that goes when it is released, or when the process ends. */
export class TemporaryFolder {
  private constructor(readonly path: string) {}

  /** Makes one, and has what dead processes left removed, once in a process. */
  static create(kind: TemporaryFolderKind, place: string = tmpdir()): TemporaryFolder {
    const folder = makeTemporaryFolder(kind, place);
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

/** A folder that stays when this process ends; its new owner removes it, or a later sweep does. */
export function makeTemporaryFolder(kind: TemporaryFolderKind, place: string = tmpdir()): string {
  const prefix = `paddlelab-${kind}-${process.pid}-${processStart(process.pid) ?? 0}-${processPlace()}-`;
  const folder = makeFolder(path.join(place, prefix));
  if (!swept) {
    swept = true;
    // Nobody waits for it, and what it can't do the next process may.
    void sweepTemporaryFolders(place).catch(() => undefined);
  }
  return folder;
}

function makeFolder(prefix: string): string {
  try {
    return mkdtempSync(prefix);
  } catch (error) {
    const hint = 'set TMPDIR to a folder that you can write to';
    throw new PaddleLabError('FILE_UNWRITABLE', `${messageOf(error)}; ${hint}`, { cause: error });
  }
}

/** Removes the folders of processes that were killed, and tells which. */
export async function sweepTemporaryFolders(folder: string = tmpdir()): Promise<string[]> {
  const removed: string[] = [];
  for (const name of await readdir(folder)) {
    const [, pid, started, where] = NAME.exec(name) ?? [];
    // A process of another machine or container can't be seen from here.
    if (pid === undefined || where !== processPlace() || !isGone(Number(pid), started as string)) continue;
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
