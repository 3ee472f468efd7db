import { homedir } from 'node:os';
import path from 'node:path';
import { messageOf } from '../errors';

/** The per-user cache folder of paddlelab: PADDLELAB_CACHE, else the XDG cache folder, else ~/.cache. */
export function cacheFolder(environment: NodeJS.ProcessEnv = process.env): string {
  if (environment.PADDLELAB_CACHE) return path.resolve(environment.PADDLELAB_CACHE);
  const xdg = environment.XDG_CACHE_HOME;
  // According to the XDG specification, a relative path is ignored.
  const base = xdg && path.isAbsolute(xdg) ? xdg : path.join(homeFolder(), '.cache');
  return path.join(base, 'paddlelab');
}

/** The folder of the managed runtimes, one subfolder each. Names of staging folders start with a dot. */
export function runtimesFolder(cache: string = cacheFolder()): string {
  return path.join(cache, 'runtimes');
}

/** The folder for a runtime's wheel during its download. */
export function downloadFolder(id: string, cache: string = cacheFolder()): string {
  return path.join(cache, 'downloads', id);
}

/** The user's home; if there is none, a path that does not exist and can't be created. */
export function homeFolder(): string {
  try {
    return homedir();
  } catch {
    // A container may run as a user without a name and home folder.
    return '/dev/null/no-home';
  }
}

/** The fix for an unwritable cache, as the end of a message. */
export const cacheHint = 'set PADDLELAB_CACHE (or XDG_CACHE_HOME) to a folder that you can write to';

let warned = false;

/** Warns once per process that the cache can't be written to; work goes on without it. */
export function warnOfCache(error: unknown): void {
  if (warned) return;
  warned = true;
  const text = `Results are not cached for the next run: ${messageOf(error)}. To cache them, ${cacheHint}.`;
  process.emitWarning(text, { type: 'PaddleLabWarning', code: 'PADDLELAB_CACHE' });
}
