import path from 'node:path';
import { existsSync } from './files/fs';

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

/** A compiled script that is started as a process or worker of its own. */
export function distFile(relative: string): string {
  return path.join(packageRoot(), 'dist', relative);
}
