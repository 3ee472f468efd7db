import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

/**
 * The files of a folder of results with their content; times differ from run to run, journals are in the order of the end,
 * and those of shards are left out.
 */
export async function runContent(out: string): Promise<Record<string, string>> {
  const entries: [string, string][] = [];
  for (const entry of await readdir(out, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || entry.name.includes('-of-')) continue;
    const file = path.join(entry.parentPath, entry.name);
    const bytes = await readFile(file);
    const text = entry.name.endsWith('.jsonl')
      ? bytes.toString('utf8').replaceAll(/"timings":\{[^}]*\}/g, '"timings":{}')
      : bytes.toString('latin1');
    entries.push([path.relative(out, file), entry.name.startsWith('.') ? text.split('\n').sort().join('\n') : text]);
  }
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}
