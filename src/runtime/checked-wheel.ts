import path from 'node:path';
import { PaddleLabError } from '../errors';
import { sha256Of } from '../files/digest';
import { mkdir, readdir, readFile, rm, writeFile } from '../files/fs';
import type { WheelRelease } from '../package-index/wheel-release';
import { fetchWheel } from './fetch';
import type { Fetched, FetchOptions } from './fetch-options';

/**
 * Downloads a wheel into `folder`, or takes the complete one that is there, and checks its SHA-256.
 *
 * @throws PaddleLabError RUNTIME_INSTALL_FAILED, TOOL_FAILED, ABORTED
 */
export async function fetchCheckedWheel(
  release: WheelRelease,
  folder: string,
  options: FetchOptions = {},
): Promise<Fetched> {
  await mkdir(folder, { recursive: true });
  const fetched = (await keptWheel(release, folder)) ?? (await fetchWheel(release, folder, options));
  return fetched.kind === 'wheel' ? { ...fetched, sha256: await verify(release, fetched, options) } : fetched;
}

/** A complete wheel left by a run that was killed while unpacking. */
async function keptWheel(release: WheelRelease, downloads: string): Promise<Fetched | undefined> {
  const name = (await readdir(downloads)).find((file) => file.endsWith('.whl'));
  if (name === undefined) return undefined;
  const file = path.join(downloads, name);
  const noted = await readFile(`${file}.sha256`, 'utf8').catch(() => undefined);
  const expected = release.sha256 ?? noted;
  // No hash to check against, or a mismatch: download again instead of failing.
  if (expected === undefined || (await sha256Of(file)) !== expected) {
    await rm(file, { force: true });
    return undefined;
  }
  return { kind: 'wheel', file, sha256: expected };
}

async function verify(
  release: WheelRelease,
  fetched: Extract<Fetched, { kind: 'wheel' }>,
  options: FetchOptions,
): Promise<string> {
  options.onProgress?.({ phase: 'verify', done: 0, total: 0 });
  const expected = release.sha256 ?? fetched.sha256;
  const actual = await sha256Of(fetched.file, options.signal);
  if (expected !== undefined && actual !== expected) {
    await rm(fetched.file, { force: true });
    throw new PaddleLabError(
      'RUNTIME_INSTALL_FAILED',
      `Expected SHA-256 ${expected} for ${path.basename(fetched.file)} but received ${actual}; the file was deleted. ` +
        'Run the same command again; if it repeats, the index or mirror serves another file',
    );
  }
  await writeFile(`${fetched.file}.sha256`, actual);
  return actual;
}
