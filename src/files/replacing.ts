import { PaddleLabError } from '../errors';
import { stat } from './fs';

/** What a user can do about a file that would be replaced, each as the end of a sentence. */
export interface Choices {
  /** `--overwrite, or another --output-dir`. */
  readonly existing: string;
  /** `another --output-dir`. */
  readonly own: string;
}

/**
 * Refuses, before any work, to replace files that are there, and what the work reads in any case.
 *
 * @param files that are to be written
 * @param sources that they are made of
 * @param overwrite whether other files may be replaced
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
    const text = `${files[replaced]} would be replaced by what is made of it; use ${choices.own}`;
    throw new PaddleLabError('FILE_UNWRITABLE', text);
  }
  if (overwrite) return;
  throw new PaddleLabError('FILE_UNWRITABLE', `${files[first]} is there already; use ${choices.existing}`);
}

/** Which file a path leads to, whatever the path; undefined where there is none. */
async function identityOf(file: string): Promise<string | undefined> {
  const found = await stat(file, { bigint: true }).catch(() => undefined);
  return found === undefined ? undefined : `${found.dev} ${found.ino}`;
}
