import { downloadFailed } from '../../http/download-failed';
import type { RemoteFile } from '../../http/remote-file';
import { whyNotInside } from '../safe-path';

/** Programs, parameters, configurations and dictionaries; not weights for Python code, pictures or documents. */
const useful = /\.(json|pdmodel|pdiparams|ya?ml|txt)$/i;

/**
 * The files of a repository that make a model's folder.
 *
 * @throws PaddleLabError DOWNLOAD_FAILED if it holds no program, or a path that leaves the folder
 */
export function chooseFiles(
  repository: string,
  files: readonly (readonly [string, RemoteFile])[],
): ReadonlyMap<string, RemoteFile> {
  const chosen = new Map(files.filter(([name]) => useful.test(name)));
  for (const name of chosen.keys()) {
    const reason = whyNotInside(name);
    if (reason !== undefined) throw downloadFailed(`${repository} lists ${JSON.stringify(name)}, ${reason}`);
  }
  if ([...chosen.keys()].some((name) => name.endsWith('.pdiparams'))) return chosen;
  const names =
    files
      .map(([name]) => name)
      .slice(0, 8)
      .join(', ') || 'nothing';
  throw downloadFailed(`${repository} has no exported program (.pdiparams) but ${names}`);
}

/** A non-empty text, else undefined. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
