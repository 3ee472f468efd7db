import path from 'node:path';
import type * as Tinyglobby from 'tinyglobby';

/** Whether a path has wildcards: `*`, `?`, `[…]` or `{…,…}`. */
export function hasWildcards(file: string): boolean {
  return /[*?]|\[.+\]|\{.+\}/.test(file);
}

/** Files that match an absolute pattern, sorted; `**` matches any number of folders, except hidden ones. */
export async function findMatches(pattern: string): Promise<string[]> {
  const parts = pattern.split(path.sep);
  const first = parts.findIndex(hasWildcards);
  // The folder before the first wildcard is no pattern, whatever characters it has.
  const cwd = parts.slice(0, first).join(path.sep) || path.sep;
  const wanted = parts.slice(first).map(withoutExtensions).join('/');
  const options = { cwd, absolute: true, expandDirectories: false, dot: false };
  // Loaded on first use: most programs name their images one by one.
  const { glob } = require('tinyglobby') as typeof Tinyglobby;
  return (await glob(wanted, options)).sort();
}

/** Parentheses, a leading `!` and backslashes are names of files here, as in a shell without extended patterns. */
function withoutExtensions(part: string): string {
  return part.replace(/[\\()]|^!/g, '\\$&').replace(/[@+](?=\\\()/g, '\\$&');
}
