import { createRequire, isBuiltin } from 'node:module';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { types } from 'node:util';
import vm from 'node:vm';
import { existsSync, readFileSync } from '../../files/fs';
import { versionOf } from './file-version';
import type { ModuleGraph } from './module-graph';

type ModuleObject = Record<string, unknown>;

/** Loads modules for the code of cells. */
export class CellModules {
  private readonly resolver: NodeJS.Require;
  /** The version of each of the user's files when it was loaded. */
  private readonly versions = new Map<string, string>();
  private readonly nativeImport: (specifier: string) => Promise<ModuleObject>;

  constructor(
    folder: string,
    /** A `require` that also loads the user's TypeScript files. */
    private readonly plainRequire: NodeJS.Require,
    private readonly graph: ModuleGraph,
    /** The file that the folder's configuration gives for a specifier, or the specifier itself. */
    private readonly locate: (specifier: string) => string,
  ) {
    const file = path.join(folder, 'notebook.ts');
    this.resolver = createRequire(file);
    this.nativeImport = (specifier) => withoutWarnings(() => this.compileImport(file)(specifier));
  }

  /** `require` as cells see it: a changed local file is reloaded. */
  get require(): NodeJS.Require {
    return new Proxy(this.plainRequire, {
      apply: (target, self, args: [string]) => {
        const file = this.localFile(this.locate(args[0]));
        if (file !== undefined) this.forgetChanged(file);
        const loaded = Reflect.apply(target, self, args);
        if (file !== undefined) this.remember(file);
        return loaded;
      },
    });
  }

  /** `import()` as cells see it. */
  async import(given: string): Promise<ModuleObject> {
    const specifier = this.locate(given.startsWith('file:') ? fileURLToPath(given) : given);
    if (this.mustImport(specifier)) return this.importModule(specifier);
    return importStar(this.require(specifier.replace(/^(\.{1,2}\/.*)\.tsx?$/, '$1')));
  }

  /** Whether a module can't be required: an ES module, or a package that only exports ES modules. */
  mustImport(specifier: string): boolean {
    if (isBuiltin(specifier)) return false;
    if (specifier.startsWith('data:')) return true;
    try {
      return isEsModule(this.resolver.resolve(this.locate(specifier)));
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === 'ERR_PACKAGE_PATH_NOT_EXPORTED';
    }
  }

  /** Whether `require` finds code for a module. */
  hasCode(specifier: string): boolean {
    return isBuiltin(specifier) || this.resolved(this.locate(specifier)) !== undefined;
  }

  /** An `import()` that resolves packages from the notebook's folder, not from here. */
  private compileImport(filename: string): (specifier: string) => Promise<ModuleObject> {
    const importModuleDynamically = vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER;
    return vm.runInThisContext('(specifier) => import(specifier)', {
      filename,
      importModuleDynamically,
    } as vm.RunningCodeOptions);
  }

  private async importModule(specifier: string): Promise<ModuleObject> {
    const file = this.resolved(specifier);
    if (file === undefined) return this.nativeImport(specifier);
    if (file.includes('/node_modules/')) return this.nativeImport(pathToFileURL(file).href);
    // Other modules are cached by path alone.
    const imported = this.graph.reachable(file);
    for (const each of imported) this.forgetChanged(each);
    const module = await this.nativeImport(this.graph.address(file));
    for (const each of imported) this.remember(each);
    return module;
  }

  private resolved(specifier: string): string | undefined {
    try {
      return this.resolver.resolve(specifier);
    } catch {
      return undefined;
    }
  }

  /** The user's file that a specifier resolves to; undefined for packages. */
  private localFile(specifier: string): string | undefined {
    if (!/^\.{0,2}\//.test(specifier)) return undefined;
    const file = this.resolved(specifier);
    return file?.includes('/node_modules/') ? undefined : file;
  }

  /** Removes a module from the cache if it, or a user's file that it loads, has changed. */
  private forgetChanged(file: string, seen: Set<string> = new Set()): boolean {
    const module = this.resolver.cache[file];
    if (module === undefined || seen.has(file) || file.includes('/node_modules/')) return false;
    seen.add(file);
    const children = module.children.map((child) => this.forgetChanged(child.filename, seen));
    const known = this.versions.get(file);
    if (!children.includes(true) && (known === undefined || known === versionOf(file))) return false;
    delete this.resolver.cache[file];
    return true;
  }

  private remember(file: string, seen: Set<string> = new Set()): void {
    const module = this.resolver.cache[file];
    if (module === undefined || seen.has(file) || file.includes('/node_modules/')) return;
    seen.add(file);
    this.versions.set(file, versionOf(file));
    for (const child of module.children) this.remember(child.filename, seen);
  }
}

/** Node 20 would print a warning about the experimental option above in the notebook. */
function withoutWarnings<T>(work: () => T): T {
  const emit = process.emitWarning;
  process.emitWarning = () => {};
  try {
    return work();
  } finally {
    process.emitWarning = emit;
  }
}

/** The value of `import name from`. */
export function importDefault(loaded: unknown): unknown {
  return isNamespace(loaded) ? (loaded as ModuleObject).default : loaded;
}

/** The value of `import * as name from`. */
export function importStar(loaded: unknown): ModuleObject {
  return isNamespace(loaded) ? (loaded as ModuleObject) : { ...(loaded as object), default: loaded };
}

function isNamespace(loaded: unknown): boolean {
  if (loaded === null || (typeof loaded !== 'object' && typeof loaded !== 'function')) return false;
  return types.isModuleNamespaceObject(loaded) || (loaded as ModuleObject).__esModule === true;
}

function isEsModule(file: string): boolean {
  if (file.endsWith('.mjs')) return true;
  if (!file.endsWith('.js')) return false;
  for (let folder = path.dirname(file); ; folder = path.dirname(folder)) {
    const manifest = path.join(folder, 'package.json');
    if (existsSync(manifest)) return JSON.parse(readFileSync(manifest, 'utf8')).type === 'module';
    if (folder === path.dirname(folder)) return false;
  }
}
