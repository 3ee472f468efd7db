import { once } from 'node:events';
import path from 'node:path';
import type * as Tar from 'tar';
import type { ReadEntry, Unpack } from 'tar';
import { messageOf } from '../errors';
import { unwritable } from '../files/atomic-file';
import { errnoOf } from '../files/file-error';
import { createReadStream, open, stat } from '../files/fs';
import { downloadFailed } from '../http/download-failed';
import { throwIfAborted } from '../validate';
import { whyNotInside } from './safe-path';

export interface UnpackOptions {
  readonly signal: AbortSignal | undefined;
  readonly onProgress: (done: number, total: number) => void;
}

/** Tar's types of plain files and folders; a link or a device could lead out of the folder. */
const plainTypes: readonly string[] = ['File', 'OldFile', 'ContiguousFile', 'Directory'];

/** More entries than any model has. */
const mostEntries = 10_000;

/**
 * Unpacks a model's tar archive into a folder, without the folder that holds everything in the archive. The archive is
 * checked before anything is written: plain files and folders only, inside the folder, and not larger than the archive.
 *
 * @throws PaddleLabError DOWNLOAD_FAILED, FILE_UNWRITABLE, ABORTED
 */
export async function unpackTar(archive: string, folder: string, options: UnpackOptions): Promise<void> {
  await refuseCompressed(archive);
  const names = await checkEntries(archive);
  const strip = haveOneTop(names) ? 1 : 0;
  const total = (await stat(archive)).size;
  // Loaded here, because most processes unpack nothing.
  const { extract } = require('tar') as typeof Tar;
  const output = extract({
    cwd: folder,
    strip,
    strict: true,
    preservePaths: false,
    noMtime: true,
    onReadEntry: (entry) => {
      // No set-uid bits, and nothing that its owner can't read.
      entry.mode = entry.type === 'Directory' ? 0o755 : 0o644;
    },
  });
  try {
    await pump(archive, output, options, total);
  } catch (error) {
    throwIfAborted(options.signal);
    if (errnoOf(error) !== undefined) throw unwritable(folder, error);
    throw notAnArchive(archive, error);
  }
}

/** Not a pipeline, because tar's parser is no stream of Node. */
async function pump(
  archive: string,
  output: Unpack,
  { signal, onProgress }: UnpackOptions,
  total: number,
): Promise<void> {
  const closed = once(output, 'close');
  const failed = once(output, 'error').then(([error]) => Promise.reject(error));
  // The loop below may throw first.
  closed.catch(() => undefined);
  failed.catch(() => undefined);
  let done = 0;
  for await (const chunk of createReadStream(archive, { highWaterMark: 1 << 18 })) {
    throwIfAborted(signal);
    if (!output.write(chunk as Buffer)) await Promise.race([once(output, 'drain'), failed]);
    done += (chunk as Buffer).length;
    onProgress(done, total);
  }
  output.end();
  await Promise.race([closed, failed]);
}

/** A compressed archive can hold a thousand times its size; the official ones are not compressed. */
async function refuseCompressed(archive: string): Promise<void> {
  const handle = await open(archive, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(512), 0, 512, 0);
    // Every header block of an archive has this mark; very old ones have zeros.
    if (bytesRead === 512 && /^(ustar|\0{5})/.test(buffer.toString('latin1', 257, 262))) return;
    const text = buffer.toString('latin1', 0, Math.min(bytesRead, 60));
    const start = /^[\x20-\x7e\s]{8,}$/.test(text) ? JSON.stringify(text) : `bytes ${buffer.toString('hex', 0, 8)}`;
    throw downloadFailed(`Expected an uncompressed tar archive but received a file that starts with ${start}`);
  } finally {
    await handle.close();
  }
}

/** Checks every entry, and returns the paths of the files. */
async function checkEntries(archive: string): Promise<string[]> {
  const { size } = await stat(archive);
  const names: string[] = [];
  let entries = 0;
  let bytes = 0;
  let problem: string | undefined;
  const check = (entry: ReadEntry): void => {
    problem ??= whyRefused(entry);
    entries++;
    bytes += entry.size;
    if (entry.type !== 'Directory') names.push(path.posix.normalize(entry.path));
    entry.resume();
  };
  const { list } = require('tar') as typeof Tar;
  try {
    await list({ file: archive, strict: true, onReadEntry: check });
  } catch (error) {
    throw problem === undefined ? notAnArchive(archive, error) : downloadFailed(problem);
  }
  if (problem === undefined && (bytes > size || entries > mostEntries)) {
    problem = `the archive claims to hold ${entries} files of ${bytes} bytes, which is more than it can`;
  }
  if (problem !== undefined) throw downloadFailed(problem);
  if (names.length === 0) throw downloadFailed('the archive holds no files');
  return names;
}

function whyRefused({ path: name, type }: ReadEntry): string | undefined {
  const shown = JSON.stringify(name);
  if (!plainTypes.includes(type)) return `the archive holds ${shown}, which is no plain file (${type})`;
  const reason = whyNotInside(name);
  return reason === undefined ? undefined : `the archive holds ${shown}, ${reason}`;
}

/** Archives of PaddleX hold one folder, `NAME_infer`. */
function haveOneTop(names: readonly string[]): boolean {
  const [first] = names;
  const top = first?.includes('/') ? first.slice(0, first.indexOf('/') + 1) : undefined;
  return top !== undefined && names.every((name) => name.startsWith(top));
}

function notAnArchive(archive: string, error: unknown): Error {
  return downloadFailed(`${path.basename(archive)} is damaged: ${messageOf(error)}`, error);
}
