import { statfs } from 'node:fs/promises';
import path from 'node:path';
import { messageOf, PaddleLabError } from '../errors';

const codes: readonly unknown[] = ['ENOSPC', 'EDQUOT'];
/** The error texts of Node, ffmpeg, Python and C libraries. */
const words = /\b(?:ENOSPC|EDQUOT)\b|no space left on device|disk quota exceeded/i;

/** Whether something failed because the disk is full, reported by Node, a library or another program. */
export function isDiskFull(error: unknown): boolean {
  for (let cause = error; cause !== undefined && cause !== null; cause = causeOf(cause)) {
    if (codes.includes((cause as NodeJS.ErrnoException).code) || words.test(messageOf(cause))) return true;
  }
  return false;
}

function causeOf(error: unknown): unknown {
  return error instanceof Error ? error.cause : undefined;
}

/** The error for a file without disk space; the same for every writer. */
export function diskFull(file: string, cause: unknown): PaddleLabError {
  const reason = /EDQUOT|quota/i.test(messageOf(cause)) ? 'your quota of the disk is used up' : 'the disk is full';
  const text = `Can't write ${file}: ${reason}; make room, then run it again`;
  return new PaddleLabError('FILE_UNWRITABLE', text, { cause });
}

/** Less free space than this counts as full: file systems reserve some. */
const leastRoom = 65_536;

/** Whether a file's disk is full, for writers that don't report why they failed. */
export async function hasNoRoom(file: string): Promise<boolean> {
  const found = await statfs(path.dirname(file)).catch(() => undefined);
  return found !== undefined && found.bavail * found.bsize < leastRoom;
}
