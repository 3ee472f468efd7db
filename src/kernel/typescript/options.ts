import Module from 'node:module';
import path from 'node:path';
import { existsSync, readdirSync, readFileSync } from '../../files/fs';
import { packageRoot } from '../../package-root';
import { OWN_NAME } from '../own-name';
import type { FolderConfig } from './folder-config';
import { librariesOfNode, syntaxOfNode } from './node-libraries';

/** The name of the configuration file that the server looks for; it is never on disk. */
export const CONFIG_NAME = '.notebook.json';

/**
 * The configuration of the program whose files are the documents of a notebook.
 *
 * @param config what the folder's own configuration means
 */
export function programConfig(
  folder: string,
  files: readonly string[],
  fallbacks: ReadonlyMap<string, string>,
  { paths, instead }: Pick<FolderConfig, 'paths' | 'instead'>,
): string {
  const own = path.join(folder, 'tsconfig.json');
  const defaults = path.join(packageRoot(), 'kernels/types/cells.tsconfig.json');
  const nodeTypes = path.join(folder, 'node_modules/@types');
  const fallback = path.dirname(path.dirname(require.resolve('@types/node/package.json')));
  const ownTypes = existsSync(nodeTypes) ? readdirSync(nodeTypes) : [];
  return JSON.stringify({
    // The later one has precedence.
    extends: existsSync(own) ? [defaults, own] : [defaults],
    compilerOptions: {
      target: syntaxOfNode(),
      lib: librariesOfNode(),
      // Also `import x = require()`.
      module: 'preserve',
      moduleResolution: 'bundler',
      moduleDetection: 'force',
      noEmit: true,
      composite: false,
      incremental: false,
      isolatedModules: false,
      verbatimModuleSyntax: false,
      erasableSyntaxOnly: false,
      allowImportingTsExtensions: true,
      resolveJsonModule: true,
      esModuleInterop: true,
      skipLibCheck: true,
      noUnusedLocals: false,
      noUnusedParameters: false,
      ...instead,
      types: [...new Set(['node', ...ownTypes.filter((name) => !name.startsWith('.'))])],
      typeRoots: [nodeTypes, fallback],
      paths: {
        ...paths,
        [OWN_NAME]: [path.join(packageRoot(), 'dist/index.d.ts')],
        [`${OWN_NAME}/*`]: [path.join(packageRoot(), '*')],
        ...Object.fromEntries(
          [...fallbacks].flatMap(([name, at]) => [
            [name, [at]],
            [`${name}/*`, [`${at}/*`]],
          ]),
        ),
      },
    },
    files,
    include: [],
  });
}

/** The folders of those dependencies of this package that a folder does not have itself. */
export function fallbackPackages(folder: string): Map<string, string> {
  const manifest = JSON.parse(readFileSync(path.join(packageRoot(), 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>;
  };
  const found = (name: string, from: string): string | undefined =>
    nodeModulesOf(from)
      .map((modules) => path.join(modules, name))
      .find((each) => existsSync(each));
  const folders = new Map<string, string>();
  for (const name of Object.keys(manifest.dependencies)) {
    const fallback = found(name, packageRoot());
    if (fallback !== undefined && found(name, folder) === undefined) folders.set(name, fallback);
  }
  return folders;
}

/** The folders in which Node looks for packages. */
export function nodeModulesOf(folder: string): string[] {
  return (Module as unknown as { _nodeModulePaths(from: string): string[] })._nodeModulePaths(folder);
}
