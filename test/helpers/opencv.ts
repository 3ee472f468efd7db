import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from './project';

/**
 * The Python interpreter of opencv-env.mjs, shared with benchmarks; undefined, with a printed note, if there is none.
 *
 * @param name `text`: with PaddleX's OpenCV, and with what computes polygons in Python's OCR pipelines
 */
export function ensureOpenCv(name: 'opencv' | 'text' = 'opencv'): string | undefined {
  const script = path.join(projectRoot, 'test/helpers/opencv-env.mjs');
  const cache = path.join(projectRoot, '.cache');
  mkdirSync(cache, { recursive: true });
  // Test files run in parallel; only one of them may create the environment.
  const command = ['flock', path.join(cache, `python-${name}.lock`), process.execPath, script, name];
  const found = spawnSync(command[0] as string, command.slice(1), {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return found.stdout?.trim() || undefined;
}
