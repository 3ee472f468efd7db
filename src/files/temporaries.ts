import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { readdir, rename, rm, stat } from './fs';
import { isGone, processPlace, processStart } from './process-identity';

/**
 * Temporary files are named `.paddlelab-PLACE-PID-START-RANDOM` plus an extension. PLACE identifies the boot of a
 * computer and a PID namespace, START distinguishes a process from a later one with the same PID. So each process can
 * tell whether the writer of a file has ended, even in a folder shared between computers.
 */
const pattern = /^\.paddlelab-([0-9a-f]{8})-(\d+)-(\d+)-[0-9a-f]{8}(?:-(frames))?\.\w+$/;
/** Names of versions up to 0.1, except kept frame results. */
const oldPattern = /^(?:\.silent-)?\.paddlelab-\d+-\d+-/;

/** A file of a writer on another computer counts as abandoned after this time without changes: a day. */
const abandonedMs = 86_400_000;

/** Files worth keeping after their writer has died: the results of frames. */
const keptName = 'unfinished-frames';

let own: string | undefined;

/**
 * A new name in the folder of a file, for the temporary file that will replace it.
 *
 * @param kind `frames` for the results of frames, which are kept if their writer has died
 */
export function temporaryBeside(file: string, kind?: 'frames'): string {
  own ??= `${processPlace()}-${process.pid}-${processStart(process.pid) ?? 0}`;
  const random = randomBytes(4).toString('hex');
  // The extension is kept, because it determines the format.
  const ending = /^\.\w+$/.test(path.extname(file)) ? path.extname(file) : '.tmp';
  const kindName = kind === undefined ? '' : `-${kind}`;
  return path.join(path.dirname(file), `.paddlelab-${own}-${random}${kindName}${ending}`);
}

/**
 * Removes the temporary files of dead processes from folders, but renames results of frames to visible names.
 *
 * @returns the files with results of frames
 */
export async function sweepTemporaries(folders: Iterable<string>): Promise<string[]> {
  const kept = await Promise.all([...new Set(folders)].map(sweepFolder));
  return kept.flat();
}

async function sweepFolder(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  const kept: string[] = [];
  for (const name of names) {
    if (!name.startsWith('.')) continue;
    const file = path.join(folder, name);
    const match = pattern.exec(name);
    if (!(match === null ? oldPattern.test(name) && (await isAbandoned(file)) : await isLeft(file, match))) continue;
    const worth = match?.[4] !== undefined && ((await stat(file).catch(() => undefined))?.size ?? 0) > 0;
    if (worth) kept.push(await keepFrames(file));
    // Another process may clean up at the same time, and a file that can't be removed does no harm.
    else await rm(file, { force: true }).catch(() => undefined);
  }
  return kept;
}

async function isLeft(file: string, [, where, pid, start]: RegExpExecArray): Promise<boolean> {
  if (where !== processPlace()) return isAbandoned(file);
  return isGone(Number(pid), start as string);
}

async function isAbandoned(file: string): Promise<boolean> {
  const found = await stat(file).catch(() => undefined);
  return found !== undefined && Date.now() - found.mtimeMs > abandonedMs;
}

/** Renames results of frames to a visible name, and returns it. */
export async function keepFrames(file: string): Promise<string> {
  for (let number = 1; ; number++) {
    const target = path.join(path.dirname(file), `${keptName}${number === 1 ? '' : `-${number}`}.jsonl`);
    if ((await stat(target).catch(() => undefined)) !== undefined) continue;
    await rename(file, target);
    return target;
  }
}
