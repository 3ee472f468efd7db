import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { messageOf, PaddleLabError } from '../errors';

let count = 0;

/**
 * Writes a file whole or not at all: under another name first, which `write` fills, then moved to its place. Missing
 * folders are made. What fails for another reason than the file is thrown as it is.
 *
 * @throws PaddleLabError FILE_UNWRITABLE
 */
export async function writeAtomically(file: string, write: (temporary: string) => Promise<unknown>): Promise<void> {
  // The extension stays the last part of the name, because it tells the format of a picture.
  const temporary = path.join(path.dirname(file), `.paddlelab-${process.pid}-${count++}-${path.basename(file)}`);
  try {
    await mkdir(path.dirname(file), { recursive: true });
    await write(temporary);
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    if (error instanceof PaddleLabError && !error.code.startsWith('FILE_')) throw error;
    throw new PaddleLabError('FILE_UNWRITABLE', `Can't write ${file}: ${messageOf(error)}${hintFor(error)}`, {
      cause: error,
    });
  }
}

function hintFor(error: unknown): string {
  const text = messageOf(error);
  if (/ENOSPC|no space/i.test(text)) return '; make room, then run it again (--resume keeps images that are done)';
  return /EACCES|EROFS|permission/i.test(text) ? '; choose another folder with --output-dir' : '';
}

/** Writes text whole or not at all. */
export function writeTextAtomically(file: string, text: string): Promise<void> {
  return writeAtomically(file, (temporary) => writeFile(temporary, text));
}
