import { createHash } from 'node:crypto';
import path from 'node:path';
import { sha256Of } from '../../files/digest';
import { readdir, statIfThere } from '../../files/fs';
import type { ModelSpec } from '../../spec/spec';

/** A digest of the files of models, by which machines that store them at different places know them as the same. */
export async function modelsDigest(specs: readonly ModelSpec[], signal: AbortSignal | undefined): Promise<string> {
  const hash = createHash('sha256');
  for (const { files } of specs) {
    const named = [files.program, files.params, files.config];
    for (const file of named) hash.update(file === undefined ? 'none ' : await digestOf(file, signal));
  }
  return hash.digest('hex');
}

/** Of a file, or of a folder's files (parameters of Paddle 1.x). */
async function digestOf(file: string, signal: AbortSignal | undefined): Promise<string> {
  const found = await statIfThere(file);
  if (found === undefined) return 'none ';
  if (!found.isDirectory()) return `${await sha256Of(file, signal)} `;
  const digests: string[] = [];
  for (const name of (await readdir(file)).sort()) {
    const inner = path.join(file, name);
    if ((await statIfThere(inner))?.isFile()) digests.push(`${name} ${await sha256Of(inner, signal)} `);
  }
  return digests.join('');
}
