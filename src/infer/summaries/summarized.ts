import { messageOf, PaddleLabError } from '../../errors';
import type { FrameSpool } from '../frame-spool';

/**
 * Works on frames that are put into a spool, then writes the files about them: also about those that are there when the
 * work fails. Where the files can't be written the spool stays, and the error names it.
 */
export async function summarized<T>(
  spool: FrameSpool,
  work: () => Promise<T>,
  write: () => Promise<string[]>,
): Promise<{ readonly run: T; readonly written: string[] }> {
  let run: T;
  try {
    run = await work();
  } catch (error) {
    if (spool.count === 0) {
      await spool.close();
      throw error;
    }
    const files = await writeOrKeep(spool, write, error);
    throw withHint(error, `the results of ${frames(spool)} before that are in ${files.join(', ')}`);
  }
  return { run, written: await writeOrKeep(spool, write, undefined) };
}

async function writeOrKeep(spool: FrameSpool, write: () => Promise<string[]>, before: unknown): Promise<string[]> {
  let files: string[];
  try {
    files = await write();
  } catch (error) {
    const place = await spool.keep();
    throw withHint(before ?? error, `the results of ${frames(spool)} are kept in ${place}, a line each`);
  }
  await spool.close();
  return files;
}

const frames = ({ count }: FrameSpool): string => (count === 1 ? '1 frame' : `${count} frames`);

function withHint(error: unknown, hint: string): unknown {
  // What has no code is a fault of ours, to be seen as it is.
  if (!(error instanceof PaddleLabError)) return error;
  return new PaddleLabError(error.code, `${messageOf(error)}; ${hint}`, { cause: error });
}
