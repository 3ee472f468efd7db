import { createHash } from 'node:crypto';
import Module from 'node:module';
import path from 'node:path';
import vm from 'node:vm';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from '../../files/fs';

interface ModuleWithCompile {
  _compile(this: NodeModule, content: string, file: string): unknown;
}

/**
 * Loads one large module from V8's cached compiled code, and updates that cache. Node 22 has its own compile cache,
 * which is used if available.
 */
export class CompilerCache {
  private script: vm.Script | undefined;
  private isFresh = false;

  constructor(
    private readonly folder: string,
    private readonly module: string,
    private readonly version: string,
  ) {}

  /** Calls a function that requires the module. */
  during<T>(load: () => T): T {
    const own = (Module as { enableCompileCache?: () => void }).enableCompileCache;
    if (own !== undefined) {
      own();
      return load();
    }
    const prototype = Module.prototype as unknown as ModuleWithCompile;
    const compile = prototype._compile;
    const compileCached = (module: NodeModule, content: string): unknown => this.compile(module, content);
    const file = this.module;
    prototype._compile = function (content, name) {
      return name === file ? compileCached(this, content) : compile.call(this, content, name);
    };
    try {
      return load();
    } finally {
      prototype._compile = compile;
    }
  }

  /** Stores the compiled code, including the functions used so far; later calls do nothing. */
  save(): void {
    const { script } = this;
    this.script = undefined;
    if (script === undefined || this.isFresh) return;
    try {
      const file = this.file();
      mkdirSync(this.folder, { recursive: true });
      writeFileSync(`${file}.${process.pid}`, script.createCachedData());
      renameSync(`${file}.${process.pid}`, file);
    } catch {
      // If the folder can't be written to, the next start only takes longer.
    }
  }

  private compile(module: NodeModule, content: string): unknown {
    const cachedData = this.read();
    const script = new vm.Script(Module.wrap(content), { filename: this.module, cachedData });
    this.isFresh = cachedData !== undefined && script.cachedDataRejected !== true;
    this.script = script;
    const require = Module.createRequire(this.module);
    const run = script.runInThisContext();
    return run.call(module.exports, module.exports, require, module, this.module, path.dirname(this.module));
  }

  private read(): Buffer | undefined {
    try {
      return readFileSync(this.file());
    } catch {
      return undefined;
    }
  }

  private file(): string {
    const key = createHash('sha256')
      .update([process.version, process.arch, this.module, this.version].join())
      .digest('hex');
    return path.join(this.folder, `compiler-${key.slice(0, 16)}.bin`);
  }
}
