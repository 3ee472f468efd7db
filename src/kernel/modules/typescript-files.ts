import Module from 'node:module';
import path from 'node:path';
import { findTypeScript } from './find-typescript';
import type { ModuleCells } from './module-cells';
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

/** How files are found and compiled. */
export interface FileSource {
  /** Makes CommonJS of a file. */
  compile(source: string, file: string): string;
  /** The file that the folder's configuration gives for a specifier, or the specifier itself. */
  locate(specifier: string): string;
}

/** Loads the user's TypeScript files for `require`; those that have changed are loaded again. */
export class TypeScriptFiles {
  private readonly loaded = new Map<string, LoadedFile>();

  constructor(
    private readonly graph: ModuleGraph,
    private readonly cells: ModuleCells,
    private readonly source: FileSource,
  ) {}

  /**
   * The `require` of a file in a folder.
   *
   * @param special modules in place of installed packages, by their names
   */
  requireIn(folder: string, plain: NodeJS.Require, special: Readonly<Record<string, () => unknown>>): NodeJS.Require {
    return this.requireOf(folder, plain, special, undefined);
  }

  /** The TypeScript file or module cell that a specifier means. */
  find(folder: string, specifier: string): string | undefined {
    return findTypeScript(folder, specifier, (file) => this.cells.has(file));
  }

  /** Forgets files whose code was terminated. Call it when none is being loaded. */
  forgetUnfinished(): void {
    for (const [file, { module }] of this.loaded) if (!module.loaded) this.loaded.delete(file);
  }

  private requireOf(
    folder: string,
    plain: NodeJS.Require,
    special: Readonly<Record<string, () => unknown>>,
    by: LoadedFile | undefined,
  ): NodeJS.Require {
    return new Proxy(plain, {
      apply: (target, self, args: [string]) => {
        const [given] = args;
        const own = special[given];
        if (own !== undefined) return own();
        const specifier = this.source.locate(given);
        const file = this.find(folder, specifier);
        if (file === undefined) {
          if (by !== undefined) this.watchPlain(by, specifier, plain);
          return Reflect.apply(target, self, [specifier]);
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
    const loaded: LoadedFile = { module, versions: new Map([[file, this.cells.versionOf(file)]]), uses: new Set() };
    this.loaded.set(file, loaded);
    const internals = module as unknown as ModuleInternals;
    module.filename = file;
    internals.paths = (Module as unknown as { _nodeModulePaths(from: string): string[] })._nodeModulePaths(folder);
    const plain = Module.createRequire(file);
    module.require = this.requireOf(folder, plain, special, loaded);
    try {
      internals._compile(this.source.compile(this.cells.read(file), file), file);
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
    const hasChanged = [...known.versions].some(([each, version]) => this.cells.versionOf(each) !== version);
    if (!hasChanged && !changedUses.includes(true)) return false;
    // Including the files between a changed one and this file.
    if (hasChanged) for (const each of known.versions.keys()) delete require.cache[each];
    this.loaded.delete(file);
    return true;
  }

  private watchPlain({ versions }: LoadedFile, specifier: string, plain: NodeJS.Require): void {
    if (!/^\.{0,2}\//.test(specifier)) return;
    try {
      for (const each of this.graph.reachable(plain.resolve(specifier))) versions.set(each, this.cells.versionOf(each));
    } catch {
      // `require` itself reports that there is no such file.
    }
  }
}
