import path from 'node:path';
import { PaddleLabError } from '../../errors';
import { writeFile } from '../../files/fs';
import { platformTags } from '../../package-index/platform-tags';
import type { WheelRelease } from '../../package-index/wheel-release';
import { runProcess, which } from '../../processes/run-process';
import type { Fetched, FetchOptions } from '../fetch-options';
import { processOptions, programError } from './fetch-error';

/**
 * uv has no download command, so it installs the whole wheel into a folder of its own. uv checks the hash
 * (--require-hashes), because the wheel file itself is never available here.
 */
export async function fetchWithUv(release: WheelRelease, folder: string, options: FetchOptions): Promise<Fetched> {
  const uv = await which('uv', (options.environment ?? process.env).PATH);
  if (uv === undefined) {
    const advice = 'install it, or leave out the choice of a client: paddlelab itself can fetch it';
    throw new PaddleLabError('TOOL_FAILED', `Expected uv on PATH but found none; ${advice}`);
  }
  const target = path.join(folder, 'uv-target');
  const requirement = `${release.name}==${release.version}`;
  const list = path.join(folder, 'requirements.txt');
  await writeFile(list, release.sha256 ? `${requirement} --hash=sha256:${release.sha256}\n` : `${requirement}\n`);
  const result = await runProcess(
    [uv, 'pip', 'install'],
    [
      ...['--no-deps', '--only-binary', ':all:', '--target', target, '--python-version', '3.11'],
      ...['--python-platform', platformTags().uv, ...(release.sha256 ? ['--require-hashes'] : []), '-r', list],
    ],
    processOptions(options),
  );
  if (result.code !== 0) throw programError(release, undefined, result);
  return { kind: 'folder', folder: target, sha256: release.sha256 };
}
