import { messageOf, PaddleLabError } from '../../errors';
import type { FrameRecords } from '../frame-records';

/**
 * Processes frames into a spool, then writes the summary files, also if the processing fails. If the files can't be
 * written the spool is kept, and the error names it.
 */
export async function summarized<T>(
  spool: FrameRecords,
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
    throw withHint(error, `the results of ${frames(spool)} before the error are in ${files.join(', ')}`);
  }
  return { run, written: await writeOrKeep(spool, write, undefined) };
}

async function writeOrKeep(spool: FrameRecords, write: () => Promise<string[]>, before: unknown): Promise<string[]> {
  let files: string[];
  try {
    files = await write();
  } catch (error) {
    const place = await spool.keep();
    throw withHint(before ?? error, `the results of ${frames(spool)} are kept in ${place}, one per line`);
  }
  await spool.close();
  return files;
}

const frames = ({ count }: FrameRecords): string => (count === 1 ? '1 frame' : `${count} frames`);

function withHint(error: unknown, hint: string): unknown {
  // Errors without a code are bugs of this library and stay unchanged.
  if (!(error instanceof PaddleLabError)) return error;
  return new PaddleLabError(error.code, `${messageOf(error)}; ${hint}`, { cause: error });
}
