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

function findRoot(): string {
  for (let folder = __dirname; ; folder = path.dirname(folder)) {
    const file = path.join(folder, 'package.json');
    if (existsSync(file) && nameIn(file) === 'paddlelab') return folder;
    if (folder === path.dirname(folder)) throw bundled();
  }
}

function nameIn(file: string): unknown {
  try {
    return (JSON.parse(readFileSync(file, 'utf8')) as { name?: unknown }).name;
  } catch {
    // Some other package's, and broken.
    return undefined;
  }
}

function bundled(): PaddleLabError {
  return new PaddleLabError(
    'PACKAGE_BUNDLED',
    `Expected the code of paddlelab in its package but it runs from ${__filename}, apart from its addon, scripts and fonts. ` +
      'Leave it out of the bundle: esbuild --external:paddlelab, webpack externals: ["paddlelab"], ' +
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
