import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { contentDigest } from '../inference/engine-trial/memory';

/** Whether two parameter files, or folders of a file a parameter, hold the same bytes. */
export async function sameWeights(params: string, other: string): Promise<boolean> {
  return params === other || (await fingerprint(params)) === (await fingerprint(other));
}

async function fingerprint(params: string): Promise<string> {
  if (!(await stat(params)).isDirectory()) return contentDigest(params);
  const files = (await readdir(params, { withFileTypes: true })).filter((entry) => entry.isFile());
  const names = files.map(({ name }) => name).sort();
  const digests = await Promise.all(names.map((name) => contentDigest(path.join(params, name))));
  return names.map((name, i) => `${name} ${digests[i]}`).join('\n');
}
