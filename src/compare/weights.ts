import path from 'node:path';
import { readdir, stat } from '../files/fs';
import { contentDigest } from '../inference/engine-trial/verdict-cache';

/**
 * Whether two parameter files, or two folders with one file per parameter, have the same bytes. A file can't be
 * compared with a folder this way; only their results can.
 */
export async function sameWeights(params: string, other: string): Promise<boolean> {
  if (params === other || (await isFolder(params)) !== (await isFolder(other))) return true;
  return (await fingerprint(params)) === (await fingerprint(other));
}

async function isFolder(place: string): Promise<boolean> {
  return (await stat(place)).isDirectory();
}

async function fingerprint(params: string): Promise<string> {
  if (!(await isFolder(params))) return contentDigest(params);
  const files = (await readdir(params, { withFileTypes: true })).filter((entry) => entry.isFile());
  const names = files.map(({ name }) => name).sort();
  const digests = await Promise.all(names.map((name) => contentDigest(path.join(params, name))));
  return names.map((name, i) => `${name} ${digests[i]}`).join('\n');
}
