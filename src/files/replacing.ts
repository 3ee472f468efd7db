import { PaddleLabError } from '../errors';
import { stat } from './fs';

/** The user's options if a file would be replaced, each as the end of a sentence. */
export interface Choices {
  /** `--overwrite, or another --output-dir`. */
  readonly existing: string;
  /** `another --output-dir`. */
  readonly own: string;
}

/**
 * Refuses, before any work, to replace existing files without permission, and to replace source files in any case.
 *
 * @param files to be written
 * @param sources from which they are made
 * @param overwrite whether existing files other than sources may be replaced
 * @throws PaddleLabError FILE_UNWRITABLE
 */
export async function refuseReplacing(
  files: readonly string[],
  sources: readonly string[],
  overwrite: boolean,
  choices: Choices,
): Promise<void> {
  const there = await Promise.all(files.map(identityOf));
  const first = there.findIndex((identity) => identity !== undefined);
  if (first < 0) return;
  const own = new Set(await Promise.all(sources.map(identityOf)));
  const replaced = there.findIndex((identity) => identity !== undefined && own.has(identity));
  if (replaced >= 0) {
    const text = `${files[replaced]} is an input and would be overwritten by its own result; use ${choices.own}`;
    throw new PaddleLabError('FILE_UNWRITABLE', text);
  }
  if (overwrite) return;
  throw new PaddleLabError('FILE_UNWRITABLE', `${files[first]} already exists; use ${choices.existing}`);
}

/** The identity of the file behind a path; undefined if it does not exist. */
async function identityOf(file: string): Promise<string | undefined> {
  const found = await stat(file, { bigint: true }).catch(() => undefined);
  return found === undefined ? undefined : `${found.dev} ${found.ino}`;
}
