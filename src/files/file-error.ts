import { messageOf, PaddleLabError } from '../errors';
import { diskFull, isDiskFull } from './disk-full';

/** The attempted operation, which decides between the codes for unreadable and unwritable. */
export type FileAccess = 'read' | 'write';

/**
 * Node's code of a failure (`EACCES`), also from the cause of one of this library's errors; undefined if there is none.
 */
export function errnoOf(error: unknown): string | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const { code, errno } = cause as NodeJS.ErrnoException;
    if (typeof code === 'string' && (errno !== undefined || code.startsWith('ERR_'))) return code;
  }
  return undefined;
}

/** The reason for each of Node's codes; `hint` is the fix. */
const reasons: Readonly<Record<string, { readonly why: string; readonly hint?: string }>> = {
  ENOENT: { why: 'it does not exist' },
  ENOTDIR: { why: 'a part of its path is a file, not a folder' },
  EISDIR: { why: 'it is a folder' },
  EEXIST: { why: 'it already exists' },
  EACCES: { why: 'permission denied', hint: 'change its permissions, or choose another place' },
  EPERM: { why: 'the system does not permit it', hint: 'change its permissions, or choose another place' },
  EROFS: { why: 'its file system is read-only', hint: 'choose another place' },
  EMFILE: {
    why: 'this process has too many files open',
    hint: 'raise the limit (ulimit -n), or work on fewer at once',
  },
  ENFILE: { why: 'the system has too many files open', hint: 'close other programs' },
  ENAMETOOLONG: { why: 'its name is too long', hint: 'choose a shorter one' },
  ELOOP: { why: 'its symbolic links lead in a circle' },
  EBUSY: { why: 'another program uses it' },
  ERR_INVALID_ARG_VALUE: { why: 'its name contains a character that is not allowed' },
};

/**
 * The error for a failed file system call, with the native one as `cause`; this library's own errors are returned
 * unchanged.
 */
export function fileError(error: unknown, access: FileAccess, file: string): PaddleLabError {
  if (error instanceof PaddleLabError) return error;
  if (access === 'write' && isDiskFull(error)) return diskFull(file, error);
  const code = errnoOf(error) ?? '';
  const missingFolder = access === 'write' && code === 'ENOENT';
  const { why, hint } = reasons[code] ?? { why: messageOf(error) };
  const reason = missingFolder ? 'its folder does not exist' : why;
  const text = `Can't ${access} ${file}: ${reason}${hint === undefined ? '' : `; ${hint}`}`;
  return new PaddleLabError(access === 'read' ? 'FILE_NOT_FOUND' : 'FILE_UNWRITABLE', text, { cause: error });
}
