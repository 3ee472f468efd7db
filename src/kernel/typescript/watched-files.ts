import path from 'node:path';
import { existsSync, readFileSync, statSync } from '../../files/fs';
import { versionOf } from '../modules/file-version';
import { findTypeScript } from '../modules/find-typescript';
import type { FolderConfig } from './folder-config';
import type { FileChange } from './language-server';
import { importsOf } from './parser';

const NONE = 'none';
const CREATED = 1;
const CHANGED = 2;
const DELETED = 3;

const EXTENSIONS = ['', '.ts', '.tsx', '.d.ts', '.mts', '.cts', '.js', '.mjs', '.cjs', '.jsx', '.json'];
const SCANNED = /\.([cm]?[jt]s|[jt]sx)$/;

/**
 * The files that cells import, directly or indirectly, and those that would be found if they existed. They are looked
 * at before each cell, so that a cell sees a file as it is when the cell runs, and no folder has to be watched.
 */
export class WatchedFiles {
  private readonly versions = new Map<string, string>();
  /** The specifiers of each file's imports. */
  private readonly imports = new Map<string, readonly string[]>();

  constructor(
    private readonly folder: string,
    private readonly config: FolderConfig,
  ) {}

  /** Adds what a module imports. */
  add(specifiers: readonly string[], folder: string = this.folder): void {
    for (const specifier of specifiers) {
      for (const file of candidates(folder, specifier)) this.watch(file);
      for (const place of this.config.candidates(specifier))
        for (const file of candidates(folder, place)) this.watch(file);
    }
  }

  /** The user's TypeScript files among the imports of a module, direct and indirect ones, with their versions. */
  reachable(specifiers: readonly string[]): Map<string, string> {
    const found = new Map<string, string>();
    const visit = (folder: string, names: readonly string[]): void => {
      for (const name of names) {
        const file = findTypeScript(folder, this.config.locate(name));
        if (file === undefined || found.has(file)) continue;
        found.set(file, this.versions.get(file) ?? NONE);
        visit(path.dirname(file), this.imports.get(file) ?? []);
      }
    };
    visit(this.folder, specifiers);
    return found;
  }

  /** The changes since the last call. */
  changes(): FileChange[] {
    const found: FileChange[] = [];
    for (const [file, before] of [...this.versions]) {
      const now = currentVersion(file);
      if (now === before) continue;
      this.versions.set(file, now);
      found.push({ file, type: before === NONE ? CREATED : now === NONE ? DELETED : CHANGED });
      if (now !== NONE) this.scan(file);
    }
    return found;
  }

  private watch(file: string): void {
    if (this.versions.has(file)) return;
    const version = currentVersion(file);
    this.versions.set(file, version);
    if (version !== NONE) this.scan(file);
  }

  private scan(file: string): void {
    if (!SCANNED.test(file) || file.includes('/node_modules/') || !statSync(file).isFile()) return;
    const imports = importsOf(readFileSync(file, 'utf8'), file);
    this.imports.set(file, imports);
    this.add(imports, path.dirname(file));
  }
}

function currentVersion(file: string): string {
  return existsSync(file) ? versionOf(file) : NONE;
}

function candidates(folder: string, specifier: string): string[] {
  if (!/^\.{0,2}\//.test(specifier)) {
    const [scope = '', name = ''] = specifier.split('/');
    const parts = specifier.startsWith('@') ? [scope, name] : [scope];
    return [path.join(folder, 'node_modules', ...parts, 'package.json')];
  }
  const file = path.resolve(folder, specifier);
  const stem = file.replace(/\.([cm]?)jsx?$/, '');
  const names = [...new Set([file, stem, path.join(file, 'index')])];
  return names.flatMap((name) => EXTENSIONS.map((extension) => name + extension));
}
