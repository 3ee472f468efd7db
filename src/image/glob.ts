import path from 'node:path';
import { readdir } from '../files/fs';

/** Whether a path has wildcards: `*`, `?`, `[…]` or `{…,…}`. */
export function hasWildcards(file: string): boolean {
  return /[*?]|\[.+\]|\{.+\}/.test(file);
}

/** Files that match an absolute pattern, sorted; `**` matches any number of folders, except hidden ones. */
export async function findMatches(pattern: string): Promise<string[]> {
  const parts = pattern.split(path.sep);
  const first = parts.findIndex(hasWildcards);
  const matches: string[] = [];
  await collect(parts.slice(0, first).join(path.sep) || path.sep, parts.slice(first), matches);
  return [...new Set(matches)].sort();
}

async function collect(folder: string, parts: readonly string[], matches: string[]): Promise<void> {
  const [part = '', ...rest] = parts;
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  if (part === '**') {
    await collect(folder, rest.length === 0 ? ['*'] : rest, matches);
    for (const entry of entries) {
      if (entry.isDirectory() && !entry.name.startsWith('.'))
        await collect(path.join(folder, entry.name), parts, matches);
    }
    return;
  }
  const wanted = toRegExp(part);
  for (const { name } of entries) {
    if (!wanted.test(name) || (name.startsWith('.') && !part.startsWith('.'))) continue;
    const file = path.join(folder, name);
    if (rest.length > 0) await collect(file, rest, matches);
    else if (!entries.find((entry) => entry.name === name)?.isDirectory()) matches.push(file);
  }
}

/** Compiles one part of a pattern, between two slashes. */
function toRegExp(part: string): RegExp {
  let depth = 0;
  const source = part.replace(/\[[^\]]+\]|[\s\S]/g, (token) => {
    if (token === '*') return '.*';
    if (token === '?') return '.';
    if (token.length > 1) return token.replace(/^\[!/, '[^').replace(/\\/g, '\\\\');
    if (token === '{') depth++;
    if (token === '}' && depth > 0) depth--;
    else if (token !== '{') return token === ',' && depth > 0 ? '|' : token.replace(/[\\^$.|+()[\]{}/]/g, '\\$&');
    return token === '{' ? '(?:' : ')';
  });
  // A name may contain line breaks.
  return new RegExp(`^${source}$`, 's');
}
