import Module from 'node:module';
import path from 'node:path';

/** A file of the user's, compiled to CommonJS. */
export interface CompiledModule {
  /** The full path of the script, which ends with `.js`. */
  path: string;
  data: string;
}

interface ModuleInternals {
  paths: string[];
  _compile(code: string, file: string): void;
}

/** The user's TypeScript files, which `require` finds before the files on disk. */
export class CompiledModules {
  private readonly code = new Map<string, string>();
  private readonly loaded = new Map<string, NodeJS.Module>();

  /** @param special modules that cells get in place of an installed package, by their names */
  constructor(private readonly special: Readonly<Record<string, () => unknown>>) {}

  /** Adds files, or replaces them: they are loaded again on the next `require`. */
  update(modules: readonly CompiledModule[]): void {
    for (const { path: file, data } of modules) {
      this.loaded.delete(file);
      this.code.set(file, data);
    }
  }

  /** The `require` of a file in a folder. */
  requireIn(folder: string, plain: NodeJS.Require): NodeJS.Require {
    return new Proxy(plain, {
      apply: (target, self, args: [string]) => {
        const special = this.special[args[0]];
        if (special !== undefined) return special();
        const module = this.load(folder, args[0]);
        return module === undefined ? Reflect.apply(target, self, args) : module.exports;
      },
    });
  }

  private load(folder: string, specifier: string): NodeJS.Module | undefined {
    const name = path.join(folder, specifier);
    const file = path.extname(name) === '' ? `${name}.js` : name;
    const known = this.loaded.get(file);
    const code = this.code.get(file);
    if (known !== undefined || code === undefined) return known;
    const module = new Module(file, require.main);
    const within = path.dirname(file);
    const internals = module as unknown as ModuleInternals;
    module.filename = file;
    internals.paths = (Module as unknown as { _nodeModulePaths(from: string): string[] })._nodeModulePaths(within);
    module.require = this.requireIn(within, module.require.bind(module) as NodeJS.Require);
    internals._compile(code, file);
    this.loaded.set(file, module);
    return module;
  }
}
