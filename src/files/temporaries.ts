import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { readdir, rename, rm, stat } from './fs';
import { isGone, processPlace, processStart } from './process-identity';

/**
 * Files under way are `.paddlelab-PLACE-PID-START-RANDOM` and an ending. PLACE stands for the boot of a computer and the
 * processes that see each other on it, START tells a process from a later one with its number: so each process can tell,
 * also in a folder that computers share, whether the writer of a file is gone.
 */
const pattern = /^\.paddlelab-([0-9a-f]{8})-(\d+)-(\d+)-[0-9a-f]{8}(?:-(frames))?\.\w+$/;
/** Those of versions up to 0.1, but for frames that were kept. */
const oldPattern = /^(?:\.silent-)?\.paddlelab-\d+-\d+-/;

/** What a writer elsewhere left untouched for so long, it does not write any more: a day. */
const abandonedMs = 86_400_000;

/** What is worth more than its writer: the results of frames. */
const keptName = 'unfinished-frames';

let own: string | undefined;

/**
 * A new name beside a file, for what is written before it takes the file's place.
 *
 * @param kind `frames` for the results of frames, which are kept when their writer is gone
 */
export function temporaryBeside(file: string, kind?: 'frames'): string {
  own ??= `${processPlace()}-${process.pid}-${processStart(process.pid) ?? 0}`;
  const random = randomBytes(4).toString('hex');
  // The ending stays, because it tells the format.
  const ending = /^\.\w+$/.test(path.extname(file)) ? path.extname(file) : '.tmp';
  const kindName = kind === undefined ? '' : `-${kind}`;
  return path.join(path.dirname(file), `.paddlelab-${own}-${random}${kindName}${ending}`);
}

/**
 * Removes from folders what processes left that are gone, but gives the results of frames a name that is seen.
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
    // Another process may sweep at the same time, and a file that can't be removed does no harm.
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

/** Gives results of frames a name that is seen, and answers it. */
export async function keepFrames(file: string): Promise<string> {
  for (let number = 1; ; number++) {
    const target = path.join(path.dirname(file), `${keptName}${number === 1 ? '' : `-${number}`}.jsonl`);
    if ((await stat(target).catch(() => undefined)) !== undefined) continue;
    await rename(file, target);
    return target;
  }
}
