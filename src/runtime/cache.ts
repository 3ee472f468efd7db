import { homedir } from 'node:os';
import path from 'node:path';

/** The per-user folder of everything that paddlelab keeps: PADDLELAB_CACHE, else the XDG one, else ~/.cache. */
export function cacheFolder(environment: NodeJS.ProcessEnv = process.env): string {
  if (environment.PADDLELAB_CACHE) return path.resolve(environment.PADDLELAB_CACHE);
  const xdg = environment.XDG_CACHE_HOME;
  // The XDG specification says that a relative path there is to be ignored.
  const base = xdg && path.isAbsolute(xdg) ? xdg : path.join(homedir(), '.cache');
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
