import Module from 'node:module';
import path from 'node:path';
import type * as TypeScript from '@tslab/typescript-for-tslab';
import { existsSync } from '../../files/fs';
import { packageRoot } from '../../package-root';
import { tslabFolder } from './internals';

/** The last folder that the compiler searches for a package, wherever it starts. */
const LAST_RESORT = '/node_modules';
/** The virtual folder with Node's types, for notebook folders that have none. */
export const FALLBACK_TYPES = `${LAST_RESORT}/@types`;

/**
 * The packages that cells may import even if the notebook's folder does not have them: this package and its
 * dependencies.
 */
export class PackageFallback {
  private readonly folders: string[];
  private readonly nodeTypes: string | undefined;

  constructor(root: string = packageRoot()) {
    this.folders = nodeModulesFolders(root);
    const forTypes = [...this.folders, ...nodeModulesFolders(tslabFolder())];
    this.nodeTypes = forTypes.map((folder) => path.join(folder, '@types/node')).find((folder) => existsSync(folder));
  }

  /** The real path of a file or folder in the virtual last-resort folder. */
  realPath(file: string): string {
    if (!file.startsWith(`${LAST_RESORT}/`) || existsSync(file)) return file;
    const rest = file.slice(LAST_RESORT.length + 1);
    if (rest === '@types/node' || rest.startsWith('@types/node/')) {
      return this.nodeTypes === undefined ? file : path.join(this.nodeTypes, rest.slice('@types/node'.length));
    }
    const parts = rest.split('/');
    const name = parts.slice(0, rest.startsWith('@') ? 2 : 1).join('/');
    const folder = this.folders.find((candidate) => existsSync(path.join(candidate, name)));
    return folder === undefined ? file : path.join(folder, rest);
  }

  /** Shows the fallback packages to the compiler in the last folder that it searches. */
  addTo(system: TypeScript.System): void {
    const { fileExists, directoryExists, readFile, getDirectories, realpath } = system;
    system.fileExists = (file) => fileExists.call(system, this.realPath(file));
    system.directoryExists = (folder) =>
      folder === LAST_RESORT || folder === FALLBACK_TYPES || directoryExists.call(system, this.realPath(folder));
    system.readFile = (file, encoding) => readFile.call(system, this.realPath(file), encoding);
    // Every type package in a listed folder becomes part of every cell; only Node's should.
    system.getDirectories = (folder) =>
      folder === FALLBACK_TYPES ? ['node'] : getDirectories.call(system, this.realPath(folder));
    if (realpath !== undefined) system.realpath = (file) => realpath.call(system, this.realPath(file));
  }
}

function nodeModulesFolders(folder: string): string[] {
  return (Module as unknown as { _nodeModulePaths(from: string): string[] })._nodeModulePaths(folder);
}
