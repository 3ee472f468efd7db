import path from 'node:path';
import { PaddleLabError } from './errors';
import { existsSync, readFileSync } from './files/fs';

let root: string | undefined;

/**
 * The folder of this package, wherever it is installed; the same from `src/` and from `dist/`.
 *
 * @throws PaddleLabError PACKAGE_BUNDLED
 */
export function packageRoot(): string {
  root ??= findRoot();
  return root;
}

/** A file that only this package has; it is not read, for no file may be left to open. */
const ownFile = path.join('kernels', 'paddlelab', 'kernel.json');

function findRoot(): string {
  for (let folder = __dirname; ; folder = path.dirname(folder)) {
    if (existsSync(path.join(folder, ownFile))) return folder;
    if (folder === path.dirname(folder)) throw bundled();
  }
}

function bundled(): PaddleLabError {
  return new PaddleLabError(
    'PACKAGE_BUNDLED',
    `Expected the code of paddlelab in its package but it runs from ${__filename}, apart from its addon, scripts and fonts. ` +
      'Leave it out of the bundle: esbuild --external:paddlelab, webpack externals: { paddlelab: "commonjs paddlelab" }, ' +
      'Vite ssr.external: ["paddlelab"], Rollup external: ["paddlelab"]',
  );
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
