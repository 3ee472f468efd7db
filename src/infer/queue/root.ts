import path from 'node:path';
import { PaddleLabError } from '../../errors';

/**
 * The path of a file relative to the folder that all machines share, with slashes.
 *
 * @throws PaddleLabError INVALID_ARGUMENT if it is elsewhere
 */
export function belowRoot(root: string, file: string, what: string): string {
  const relative = path.relative(root, file);
  if (isBelow(relative)) return relative.split(path.sep).join('/');
  throw new PaddleLabError(
    'INVALID_ARGUMENT',
    `Expected ${what} below the shared folder ${root} but received ${file}; --root names the folder that all machines share`,
  );
}

/**
 * The full path of a file of the shared folder on this machine. What another machine has written may not lead elsewhere.
 *
 * @throws PaddleLabError INVALID_ARGUMENT
 */
export function atRoot(root: string, relative: string): string {
  const file = path.resolve(root, relative);
  if (!path.isAbsolute(relative) && isBelow(path.relative(root, file))) return file;
  throw new PaddleLabError('INVALID_ARGUMENT', `Expected a path below the shared folder but received ${relative}`);
}

/** Whether a relative path stays below its start; a file's name may begin with dots. */
export function isBelow(relative: string): boolean {
  return !path.isAbsolute(relative) && relative !== '..' && !relative.startsWith(`..${path.sep}`);
}
