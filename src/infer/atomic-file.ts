import path from 'node:path';
import { PaddleLabError } from '../errors';
import { diskFull, isDiskFull } from '../files/disk-full';
import { fileError } from '../files/file-error';
import { mkdir, rename, rm, writeFile } from '../files/fs';
import { temporaryBeside } from '../files/temporaries';

/**
 * Writes a file whole or not at all: under another name first, which `write` fills, then moved to its place. Missing
 * folders are made. What fails for another reason than the file is thrown as it is.
 *
 * @throws PaddleLabError FILE_UNWRITABLE
 */
export async function writeAtomically(file: string, write: (temporary: string) => Promise<unknown>): Promise<void> {
  const temporary = temporaryBeside(file);
  try {
    await mkdir(path.dirname(file), { recursive: true });
    await write(temporary);
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw unwritable(file, error);
  }
}

/** The error for a file that can't be written; what failed for another reason than the file stays as it is. */
export function unwritable(file: string, error: unknown): unknown {
  if (isDiskFull(error)) return diskFull(file, error);
  if (error instanceof PaddleLabError && !error.code.startsWith('FILE_')) return error;
  return fileError(error instanceof PaddleLabError ? error.cause : error, 'write', file);
}

/** Writes text whole or not at all. */
export function writeTextAtomically(file: string, text: string): Promise<void> {
  return writeAtomically(file, (temporary) => writeFile(temporary, text));
}
