import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { messageOf, PaddleLabError } from './errors';
import { closeSync, mkdtempSync, openSync, readdir, rm, rmSync, stat } from './files/fs';
import { isGone, processPlace, processStart } from './files/process-identity';

/** What a folder in the temp folder is for; the second word of its name. */
export type TemporaryFolderKind = 'model' | 'openvino' | 'kernel' | 'notes' | 'compare' | 'stdin' | 'video' | 'build';

/** What a file beside others of its kind is for: shared memory for tensors. */
export type TemporaryFileKind = 'tensors';

/** `paddlelab-KIND-PID-STARTED-PLACE-RANDOM`: who made it, so that others can tell when that process is gone. */
const NAME = /^paddlelab-[a-z]+-(\d+)-(\d+)-([0-9a-f]{8})-\w{6}$/;

/** A process that was started to report on a dead one may still read what that left. */
const GRACE_MS = 60_000;

const present = new Set<string>();
const swept = new Set<string>();

/** A folder of this process that goes when it is released, or when the process ends. */
export class TemporaryFolder {
  private constructor(readonly path: string) {}

  /** Makes one, and has what dead processes left removed, once in a process. */
  static create(kind: TemporaryFolderKind, place: string = tmpdir()): TemporaryFolder {
    return new TemporaryFolder(removedAtExit(makeTemporaryFolder(kind, place)));
  }

  async release(): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
    forget(this.path);
  }

  releaseSync(): void {
    rmSync(this.path, { recursive: true, force: true });
    forget(this.path);
  }
}

/** An open file of this process that only its user can read; it goes when it is released, or when the process ends. */
export class TemporaryFile {
  private constructor(
    readonly path: string,
    /** Its number, for reading and writing. */
    readonly file: number,
  ) {}

  /** @throws PaddleLabError FILE_UNWRITABLE */
  static create(kind: TemporaryFileKind, place: string): TemporaryFile {
    const file = prefixOf(kind, place) + randomBytes(3).toString('hex');
    const open = openSync(file, 'wx+', 0o600);
    sweepOnce(place);
    return new TemporaryFile(removedAtExit(file), open);
  }

  releaseSync(): void {
    closeSync(this.file);
    rmSync(this.path, { force: true });
    forget(this.path);
  }
}

function removedAtExit(file: string): string {
  if (present.size === 0) process.once('exit', removeAll);
  present.add(file);
  return file;
}

function forget(file: string): void {
  present.delete(file);
  if (present.size === 0) process.removeListener('exit', removeAll);
}

/** A folder that stays when this process ends; its new owner removes it, or a later sweep does. */
export function makeTemporaryFolder(kind: TemporaryFolderKind, place: string = tmpdir()): string {
  const folder = makeFolder(prefixOf(kind, place));
  sweepOnce(place);
  return folder;
}

function prefixOf(kind: TemporaryFolderKind | TemporaryFileKind, place: string): string {
  const name = `paddlelab-${kind}-${process.pid}-${processStart(process.pid) ?? 0}-${processPlace()}-`;
  return path.join(place, name);
}

function sweepOnce(place: string): void {
  if (swept.has(place)) return;
  swept.add(place);
  // Nobody waits for it, and what it can't do the next process may.
  void sweepTemporaryFolders(place).catch(() => undefined);
}

function makeFolder(prefix: string): string {
  try {
    return mkdtempSync(prefix);
  } catch (error) {
    const hint = 'set TMPDIR to a folder that you can write to';
    throw new PaddleLabError('FILE_UNWRITABLE', `${messageOf(error)}; ${hint}`, { cause: error });
  }
}

/** Removes the folders and files of processes that were killed, and tells which. */
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
  for (const one of present) rmSync(one, { recursive: true, force: true });
}
