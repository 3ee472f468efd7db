import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { projectRoot } from './project';

/** The Python interpreter of opencv-env.mjs, which benchmarks share; undefined, with a loud line, where there is none. */
export function ensureOpenCv(): string | undefined {
  const script = path.join(projectRoot, 'test/helpers/opencv-env.mjs');
  const { stdout } = spawnSync(process.execPath, [script], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  return stdout.trim() || undefined;
}
