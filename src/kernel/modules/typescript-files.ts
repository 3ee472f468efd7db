import Module from 'node:module';
import path from 'node:path';
import { existsSync, readFileSync, statSync } from '../../files/fs';
import { versionOf } from './file-version';
import type { ModuleGraph } from './module-graph';

interface ModuleInternals {
  paths: string[];
  _compile(code: string, file: string): void;
}

interface LoadedFile {
  module: NodeJS.Module;
  /** The versions of the file itself and of the plain files that it loads, directly or indirectly. */
  versions: Map<string, string>;
  /** The TypeScript files that it loads. */
  uses: Set<string>;
}

const EXTENSIONS = ['.ts', '.tsx', '.mts', '.cts'];

/** Loads the user's TypeScript files for `require`; those that have changed are loaded again. */
export class TypeScriptFiles {
  private readonly loaded = new Map<string, LoadedFile>();

  /** @param compile makes CommonJS of a file's source */
  constructor(
    private readonly graph: ModuleGraph,
    private readonly compile: (source: string, file: string) => string,
  ) {}

  /**
   * The `require` of a file in a folder.
   *
   * @param special modules in place of installed packages, by their names
   */
  requireIn(folder: string, plain: NodeJS.Require, special: Readonly<Record<string, () => unknown>>): NodeJS.Require {
    return this.requireOf(folder, plain, special, undefined);
  }

  private requireOf(
    folder: string,
    plain: NodeJS.Require,
    special: Readonly<Record<string, () => unknown>>,
    by: LoadedFile | undefined,
  ): NodeJS.Require {
    return new Proxy(plain, {
      apply: (target, self, args: [string]) => {
        const [specifier] = args;
        const own = special[specifier];
        if (own !== undefined) return own();
        const file = findTypeScript(folder, specifier);
        if (file === undefined) {
          if (by !== undefined) this.watchPlain(by, specifier, plain);
          return Reflect.apply(target, self, args);
        }
        by?.uses.add(file);
        return this.load(file, special).module.exports;
      },
    });
  }

  private load(file: string, special: Readonly<Record<string, () => unknown>>): LoadedFile {
    this.forgetChanged(file, new Set());
    const known = this.loaded.get(file);
    if (known !== undefined) return known;
    const module = new Module(file, require.main);
    const folder = path.dirname(file);
    const loaded: LoadedFile = { module, versions: new Map([[file, versionOf(file)]]), uses: new Set() };
    this.loaded.set(file, loaded);
    const internals = module as unknown as ModuleInternals;
    module.filename = file;
    internals.paths = (Module as unknown as { _nodeModulePaths(from: string): string[] })._nodeModulePaths(folder);
    const plain = Module.createRequire(file);
    module.require = this.requireOf(folder, plain, special, loaded);
    try {
      internals._compile(this.compile(readFileSync(file, 'utf8'), file), file);
    } catch (error) {
      this.loaded.delete(file);
      throw error;
    }
    module.loaded = true;
    return loaded;
  }

  /** Returns whether a file was forgotten, because it or one that it loads has changed. */
  private forgetChanged(file: string, seen: Set<string>): boolean {
    const known = this.loaded.get(file);
    if (known === undefined || seen.has(file)) return false;
    seen.add(file);
    const changedUses = [...known.uses].map((each) => this.forgetChanged(each, seen));
    const hasChanged = [...known.versions].some(([each, version]) => versionOf(each) !== version);
    if (!hasChanged && !changedUses.includes(true)) return false;
    // Including the files between a changed one and this file.
    if (hasChanged) for (const each of known.versions.keys()) delete require.cache[each];
    this.loaded.delete(file);
    return true;
  }

  private watchPlain({ versions }: LoadedFile, specifier: string, plain: NodeJS.Require): void {
    if (!/^\.{0,2}\//.test(specifier)) return;
    try {
      for (const each of this.graph.reachable(plain.resolve(specifier))) versions.set(each, versionOf(each));
    } catch {
      // `require` itself reports that there is no such file.
    }
  }
}

/** The TypeScript file that a specifier means, as the compiler finds it. */
export function findTypeScript(folder: string, specifier: string): string | undefined {
  if (!/^\.{0,2}\//.test(specifier)) return undefined;
  const file = path.resolve(folder, specifier);
  if (file.includes('/node_modules/')) return undefined;
  if (EXTENSIONS.includes(path.extname(file))) return isFile(file) ? file : undefined;
  const stem = file.replace(/\.([cm]?)jsx?$/, '');
  const names = [file, ...(stem === file ? [path.join(file, 'index')] : [stem])];
  return names.flatMap((name) => EXTENSIONS.map((extension) => name + extension)).find(isFile);
}

function isFile(file: string): boolean {
  return existsSync(file) && statSync(file).isFile();
}
