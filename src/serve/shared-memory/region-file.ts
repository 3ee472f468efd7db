import type { PaddleLabError } from '../../errors';
import { errnoOf } from '../../files/file-error';
import { closeSync, constants, fstatSync, openSync } from '../../files/fs';
import { sharedMemoryFolder } from '../../open-inference/shared-memory';
import { wrongRequest } from '../service/refusals';

/** A file of shared memory that is open. */
export interface RegionFile {
  readonly file: number;
  readonly size: number;
  /** Another file of the same name has another one. */
  readonly identity: string;
}

/** Links are not followed, and pipes not waited for. */
const flags = constants.O_NOFOLLOW | constants.O_NONBLOCK;

/**
 * Opens the shared memory of a key for one use. Only regular files of this user are taken.
 *
 * @throws PaddleLabError INVALID_ARGUMENT
 */
export function withRegionFile<T>(key: string, access: 'read' | 'write', use: (file: RegionFile) => T): T {
  const file = open(key, access);
  let isPending = false;
  try {
    const info = fstatSync(file);
    if (!info.isFile()) throw refused(key, 'something else');
    if (info.uid !== process.geteuid?.()) throw refused(key, 'that of another user');
    const result = use({ file, size: info.size, identity: `${info.dev}:${info.ino}` });
    isPending = result instanceof Promise;
    if (isPending) return (result as Promise<unknown>).finally(() => closeSync(file)) as T;
    return result;
  } finally {
    if (!isPending) closeSync(file);
  }
}

function open(key: string, access: 'read' | 'write'): number {
  try {
    return openSync(
      `${sharedMemoryFolder}/${nameOf(key)}`,
      flags | (access === 'read' ? constants.O_RDONLY : constants.O_RDWR),
    );
  } catch (error) {
    const why = reasons[errnoOf(error) ?? ''];
    if (why === undefined) throw error;
    throw refused(key, why);
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'none',
  ELOOP: 'a symbolic link',
  EACCES: 'one that it may not open',
  EPERM: 'one that it may not open',
  EISDIR: 'a folder',
  ENXIO: 'something else',
  ENAMETOOLONG: 'a name that is too long',
};

/** Keys are names as of `shm_open`: one slash may be at their start. */
function nameOf(key: string): string {
  const name = key.replace(/^\//, '');
  if (/^[^/\0]{1,255}$/.test(name) && name !== '.' && name !== '..') return name;
  throw wrongRequest('a key without slashes, such as "/tensors"', shownKey(key));
}

function refused(key: string, found: string): PaddleLabError {
  return wrongRequest(`shared memory of this user and machine for key ${shownKey(key)}`, found);
}

function shownKey(key: string): string {
  return JSON.stringify(key.slice(0, 100));
}
