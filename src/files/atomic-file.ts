import path from 'node:path';
import { PaddleLabError } from '../errors';
import { diskFull, isDiskFull } from './disk-full';
import { fileError } from './file-error';
import { mkdir, realpath, rename, rm, stat, writeFile } from './fs';
import { temporaryBeside } from './temporaries';

/**
 * Writes a file atomically: `write` fills a temporary file, which then replaces the target. Missing folders are
 * created. A device or a pipe is written to directly; a link is kept, and its target is replaced. Errors that do not
 * concern the file are rethrown unchanged.
 *
 * @throws PaddleLabError FILE_UNWRITABLE
 */
export async function writeAtomically(file: string, write: (temporary: string) => Promise<unknown>): Promise<void> {
  const target = await realpath(file).catch(() => file);
  const found = await stat(target).catch(() => undefined);
  const isDevice = found !== undefined && !found.isFile() && !found.isDirectory();
  const temporary = isDevice ? undefined : temporaryBeside(target);
  try {
    if (temporary === undefined) {
      await write(target);
      return;
    }
    await mkdir(path.dirname(target), { recursive: true });
    await write(temporary);
    await rename(temporary, target);
  } catch (error) {
    if (temporary !== undefined) await rm(temporary, { force: true });
    throw unwritable(file, error);
  }
}

/** The error for a file that can't be written; errors that do not concern the file are returned unchanged. */
export function unwritable(file: string, error: unknown): unknown {
  if (isDiskFull(error)) return diskFull(file, error);
  if (error instanceof PaddleLabError && !error.code.startsWith('FILE_')) return error;
  return fileError(error instanceof PaddleLabError ? error.cause : error, 'write', file);
}

/** Writes text atomically. */
export function writeTextAtomically(file: string, text: string): Promise<void> {
  return writeAtomically(file, (temporary) => writeFile(temporary, text));
}
