import { createHash } from 'node:crypto';
import Module from 'node:module';
import path from 'node:path';
import vm from 'node:vm';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from '../../files/fs';

interface ModuleWithCompile {
  _compile(this: NodeModule, content: string, file: string): unknown;
}

/**
 * Loads one large module from code that V8 has compiled before, and keeps that code for the next time. Node 22 has
 * such a cache of its own, which is used where it is.
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

  /** Keeps the code, with the functions that have been used by now; later calls do nothing. */
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
      // A folder that can't be written to costs some time at the next start, no more.
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
