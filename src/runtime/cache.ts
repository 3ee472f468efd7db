import { homedir } from 'node:os';
import path from 'node:path';
import { messageOf } from '../errors';

/** The per-user folder of everything that paddlelab keeps: PADDLELAB_CACHE, else the XDG one, else ~/.cache. */
export function cacheFolder(environment: NodeJS.ProcessEnv = process.env): string {
  if (environment.PADDLELAB_CACHE) return path.resolve(environment.PADDLELAB_CACHE);
  const xdg = environment.XDG_CACHE_HOME;
  // The XDG specification says that a relative path there is to be ignored.
  const base = xdg && path.isAbsolute(xdg) ? xdg : path.join(homeFolder(), '.cache');
  return path.join(base, 'paddlelab');
}

/** Where the managed runtimes are, one folder each. Staging folders there start with a dot. */
export function runtimesFolder(cache: string = cacheFolder()): string {
  return path.join(cache, 'runtimes');
}

/** Where the wheel of one runtime is while it is being fetched. */
export function downloadFolder(id: string, cache: string = cacheFolder()): string {
  return path.join(cache, 'downloads', id);
}

/** The user's home; where there is none, a folder that does not exist and can't be made. */
export function homeFolder(): string {
  try {
    return homedir();
  } catch {
    // A container may run a user that has no name and no home.
    return '/dev/null/no-home';
  }
}

/** What to do about a cache that can't be written to, as the end of a message. */
export const cacheHint = 'set PADDLELAB_CACHE (or XDG_CACHE_HOME) to a folder that you can write to';

let warned = false;

/** Says once in a process that the cache can't be written to, because everything else goes on. */
export function warnOfCache(error: unknown): void {
  if (warned) return;
  warned = true;
  const text = `What is found out is not kept for the next time: ${messageOf(error)}. To keep it, ${cacheHint}.`;
  process.emitWarning(text, { type: 'PaddleLabWarning', code: 'PADDLELAB_CACHE' });
}
