import path from 'node:path';

/** Why a path inside an archive or a listing would leave the folder it is written into; undefined if it does not. */
export function whyNotInside(name: string): string | undefined {
  if (name === '' || name.includes('\0')) return 'which is no name of a file';
  if (name.startsWith('/') || /^[a-z]:/i.test(name) || name.includes('\\')) return 'which is not a relative path';
  if (name.split('/').includes('..')) return 'which leads out of the folder';
  return path.normalize(name).startsWith('..') ? 'which leads out of the folder' : undefined;
}
