import { stat } from 'node:fs/promises';
import { PaddleLabError } from '../errors';
import type { PlannedImage } from './plan';

const choices = '--overwrite to replace it, --resume to go on with a run that was ended, or another --output-dir';

/**
 * Refuses, before any work, to replace results that are there, and the images themselves in any case: nothing starts
 * where one would be lost.
 *
 * @throws PaddleLabError FILE_UNWRITABLE
 */
export async function refuseReplacing(
  files: readonly string[],
  images: readonly PlannedImage[],
  existing: 'refuse' | 'overwrite' | 'resume',
): Promise<void> {
  const there = await Promise.all(files.map(identityOf));
  const first = there.findIndex((identity) => identity !== undefined);
  if (first < 0) return;
  const own = new Set(await Promise.all(images.map(({ file }) => identityOf(file))));
  const replaced = there.findIndex((identity) => identity !== undefined && own.has(identity));
  if (replaced >= 0) throw ownInput(files[replaced] as string);
  if (existing !== 'refuse') return;
  throw new PaddleLabError('FILE_UNWRITABLE', `${files[first]} is there already; use ${choices}`);
}

/** The error for a result that would replace what it is made of. */
export function ownInput(file: string): PaddleLabError {
  return new PaddleLabError(
    'FILE_UNWRITABLE',
    `${file} would be replaced by its own result; choose another folder with --output-dir`,
  );
}

/** Which file a path leads to, whatever the path; undefined where there is none. */
export async function identityOf(file: string): Promise<string | undefined> {
  const found = await stat(file, { bigint: true }).catch(() => undefined);
  return found === undefined ? undefined : `${found.dev} ${found.ino}`;
}
