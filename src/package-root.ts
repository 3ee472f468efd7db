import path from 'node:path';
import { existsSync, readFileSync } from './files/fs';

let root: string | undefined;

/** The folder of this package, wherever it is installed; the same from `src/` and from `dist/`. */
export function packageRoot(): string {
  if (root === undefined) {
    let folder = __dirname;
    while (!existsSync(path.join(folder, 'package.json'))) folder = path.dirname(folder);
    root = folder;
  }
  return root;
}

/** The version of this package. */
export function packageVersion(): string {
  const text = readFileSync(path.join(packageRoot(), 'package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

/** A compiled script that is started as a process or worker of its own. */
export function distFile(relative: string): string {
  return path.join(packageRoot(), 'dist', relative);
}
