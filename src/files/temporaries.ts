import { createHash, randomBytes } from 'node:crypto';
import path from 'node:path';
import { readdir, readFile, readFileSync, readlinkSync, rename, rm, stat } from './fs';

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
  own ??= `${place()}-${process.pid}-${startOf(readProc(`/proc/${process.pid}/stat`)) ?? 0}`;
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
    // Another process may sweep at the same time, and what can't be removed is in nobody's way.
    else await rm(file, { force: true }).catch(() => undefined);
  }
  return kept;
}

async function isLeft(file: string, [, where, pid, start]: RegExpExecArray): Promise<boolean> {
  if (where !== place()) return isAbandoned(file);
  return !(await isAlive(Number(pid), start as string));
}

async function isAbandoned(file: string): Promise<boolean> {
  const found = await stat(file).catch(() => undefined);
  return found !== undefined && Date.now() - found.mtimeMs > abandonedMs;
}

/** Whether a process of this computer still is the one that began at that time. */
async function isAlive(pid: number, start: string): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // Another user's process may not be asked, but it is there.
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  const now = startOf(await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => undefined));
  return now === undefined || now === start;
}

/** When a process began, in ticks since the boot; its own name, in brackets, may hold anything. */
function startOf(text: string | undefined): string | undefined {
  return text?.slice(text.lastIndexOf(')') + 2).split(' ')[19];
}

let here: string | undefined;

function place(): string {
  if (here !== undefined) return here;
  const boot = readProc('/proc/sys/kernel/random/boot_id') ?? randomBytes(16).toString('hex');
  here = createHash('sha256').update(`${boot.trim()} ${processes()}`).digest('hex').slice(0, 8);
  return here;
}

/** Containers number their processes anew. */
function processes(): string {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return '';
  }
}

function readProc(file: string): string | undefined {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return undefined;
  }
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
