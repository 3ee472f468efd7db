import path from 'node:path';
import vm from 'node:vm';
import { cacheFolder } from '../../runtime/cache';
import { Interrupted } from '../interrupted';
import { PendingInterrupts } from '../pending-interrupts';
import { keepingListeners, takeSignal } from '../sigint';
import type { SharedState } from '../thread-messages';
import { CellModules, importDefault, importStar } from './cell-modules';
import { type CellScript, toCellScript } from './cell-script';
import type { CompilerCache } from './compiler-cache';
import { FileWatch } from './file-watch';
import {
  type Completion,
  type Converter,
  type ConvertResult,
  compilerCache,
  type Diagnostic,
  type Executor,
  loadTslab,
  type TslabGlobal,
  type TslabModules,
  type TypeScriptApi,
} from './internals';
import { ModuleGraph } from './module-graph';
import { Notebook } from './notebook-scope';
import { hookResolution, PackageFallback } from './package-fallback';
import { SideModules } from './side-modules';
import { SourceMaps } from './source-maps';
import { hasTopLevelAwait } from './top-level-await';
import { OWN_NAME, patchTypeScript } from './typescript-patch';
import { withoutExports } from './without-exports';

/** tslab puts `export {};` before each cell. */
const LINES_BEFORE = 1;
/** The compiler's error code for a module that it does not find. */
const MODULE_NOT_FOUND = 2307;

/** How long Node's signal thread may take on a busy machine. */
const SIGNAL_MS = 300;
const SIGNAL_TURN_MS = 10;

/** The outcome of a cell. */
export type Outcome =
  | { kind: 'done'; hasValue: boolean; value: unknown }
  | { kind: 'diagnostics'; diagnostics: Diagnostic[] }
  | { kind: 'thrown'; error: unknown };

/** The TypeScript session of a notebook: compiles and runs cells; each cell sees the names of earlier ones. */
export class TypeScriptSession {
  readonly maps = new SourceMaps();
  readonly ts: TypeScriptApi;
  readonly tslab: TslabModules;
  /** The names of the notebook, with their values and types. */
  readonly notebook: Notebook;
  private readonly executor: Executor;
  private readonly modules: CellModules;
  private readonly graph: ModuleGraph;
  private readonly sideModules: SideModules;
  private readonly watch: FileWatch;
  private readonly cache: CompilerCache;
  /** The source of each cell that ran, by its file name. */
  private readonly sources = new Map<string, string>();
  private diagnostics: Diagnostic[] = [];
  private outcome: Outcome | undefined;
  private script: CellScript | undefined;
  private startingFile: string | undefined;
  /** The interrupts of the current cell; checked before its code begins. */
  readonly interrupts: PendingInterrupts;
  private rejectRunning: ((reason: Interrupted) => void) | undefined;

  constructor(
    folder: string,
    private readonly state: SharedState,
  ) {
    this.interrupts = new PendingInterrupts(state);
    this.watch = new FileWatch(1);
    this.cache = compilerCache(path.join(cacheFolder(), 'kernel'));
    this.ts = patchTypeScript({
      cache: this.cache,
      maps: this.maps,
      fallback: new PackageFallback(),
      watch: this.watch,
      compileCell: (module) => this.compileCell(module),
    });
    this.graph = new ModuleGraph(this.ts);
    this.sideModules = new SideModules(this.graph);
    hookResolution(OWN_NAME);
    this.tslab = loadTslab();
    this.notebook = new Notebook(this.ts);
    const node = this.compiling(() => this.createConverter());
    defineFolder(folder);
    const converters = { node, browser: node, close: () => node.close() };
    this.executor = this.tslab.executor.createExecutor(folder, converters, {
      log: (value) => {
        this.outcome = { kind: 'done', hasValue: true, value };
      },
      // For diagnostics, the first argument is a format string; diagnostics are taken from the conversion itself.
      error: (first, ...rest) => {
        if (rest.length === 0) this.outcome = { kind: 'thrown', error: first };
      },
    });
    this.modules = this.connectScope(folder);
    this.nameScripts();
  }

  /**
   * Runs a cell; never rejects. Give the event loop a turn before the call: V8 drops pending microtasks on an
   * interrupt.
   */
  async execute(source: string, file: string): Promise<Outcome> {
    this.outcome = undefined;
    this.diagnostics = [];
    this.startingFile = file;
    this.sources.set(file, source);
    try {
      this.interrupts.check();
      const ok = await this.untilInterrupted(() => this.executor.execute(source));
      return this.finish(this.outcome ?? this.plainOutcome(ok));
    } catch (error) {
      return this.finish({ kind: 'thrown', error });
    } finally {
      this.startingFile = undefined;
    }
  }

  /** Waits for a promise of user code, unless an interrupt comes first. */
  async untilInterrupted<T>(start: () => T | Promise<T>): Promise<T> {
    const interrupted = new Promise<never>((_, reject) => {
      this.rejectRunning = reject;
    });
    this.state.turn();
    try {
      return await Promise.race([start(), interrupted]);
    } finally {
      this.state.turn();
      this.rejectRunning = undefined;
    }
  }

  /** Stops waiting for the running cell. Code that blocks the thread is stopped from outside. */
  interrupt(): void {
    this.rejectRunning?.(new Interrupted());
    this.executor.interrupt();
  }

  /** Ends a cell whose end got lost when V8 terminated it. */
  abandon(): void {
    this.finish({ kind: 'thrown', error: new Interrupted() });
    this.startingFile = undefined;
    this.rejectRunning = undefined;
    this.state.turn();
  }

  complete(source: string, position: number): Completion {
    const completion = this.compiling(() => this.executor.complete(source, position));
    const { start, end } = completion;
    if (source[start - 1] === '.') return completion;
    const helpers = this.notebook.helpersLike(source.slice(start, end));
    const candidates = [...new Set([...helpers, ...completion.candidates])];
    return { ...completion, candidates: candidates.filter((name) => !/^tsLastExpr\d*$/.test(name)) };
  }

  /** Type and documentation of the name at a position. */
  inspect(source: string, position: number): string | undefined {
    const info = this.compiling(() => this.executor.inspect(source, position));
    const text = info && this.tslab.inspect.printQuickInfo(info);
    // The compiler's answer for an unknown name.
    return text === 'any' ? undefined : text;
  }

  sourceOf(file: string): string | undefined {
    return this.sources.get(file);
  }

  /** Forgets every name. */
  reset(): void {
    this.notebook.reset();
  }

  close(): void {
    this.cache.save();
    this.executor.close();
  }

  get hasTerminated(): boolean {
    return this.state.terminated;
  }

  /** Waits for a signal meant for the previous cell, so that it does not end the next one. */
  async signalArrived(): Promise<void> {
    takeSignal(this.state);
    for (let waited = 0; this.state.signalled && waited < SIGNAL_MS; waited += SIGNAL_TURN_MS) {
      await new Promise((resolve) => setTimeout(resolve, SIGNAL_TURN_MS));
      takeSignal(this.state);
    }
    this.state.signalled = false;
  }

  private finish(outcome: Outcome): Outcome {
    const code = outcome.kind === 'thrown' ? (outcome.error as NodeJS.ErrnoException | undefined)?.code : undefined;
    if (code === 'ERR_SCRIPT_EXECUTION_INTERRUPTED') this.state.signalled = false;
    this.notebook.endCell(outcome.kind === 'done');
    return outcome;
  }

  private plainOutcome(ok: boolean): Outcome {
    if (this.diagnostics.length > 0) return { kind: 'diagnostics', diagnostics: this.diagnostics };
    if (ok) return { kind: 'done', hasValue: false, value: undefined };
    return { kind: 'thrown', error: new Error('tslab did not run the cell and gave no reason') };
  }

  /** Makes the notebook's names available to scripts as properties of `exports`, and replaces their module loading. */
  private connectScope(folder: string): CellModules {
    const global = (globalThis as unknown as { __tslab__: TslabGlobal }).__tslab__;
    // tslab looks for the last value in its own object; other properties fall back to the notebook's names.
    this.notebook.connect(this.executor.locals);
    const modules = new CellModules(folder, global.require, this.graph);
    const meta = { dirname: folder, filename: path.join(folder, 'notebook.ts'), url: `file://${folder}/notebook.ts` };
    Object.assign(global, {
      exports: this.notebook.scope,
      require: modules.require,
      import: (specifier: string) => modules.import(specifier),
      importDefault,
      importStar,
      meta,
    });
    return modules;
  }

  private createConverter(): Converter {
    const converter = this.tslab.converter.createConverter({ isJS: false, isBrowser: false });
    const { convert, addModule, complete, inspect } = converter;
    converter.convert = (_, source) => this.compiling(() => this.convert(convert, withoutExports(this.ts, source)));
    converter.complete = (_, ...at) => complete(this.notebook.declarationsFor(at[0]), ...at);
    converter.inspect = (_, ...at) => inspect(this.notebook.declarationsFor(at[0]), ...at);
    converter.addModule = (...args) => {
      this.diagnostics = this.compiling(() => addModule(...args));
      return this.diagnostics;
    };
    return converter;
  }

  private convert(convert: Converter['convert'], source: string): ConvertResult {
    this.watch.poll();
    this.script = undefined;
    const declarations = this.notebook.declarationsFor(source);
    const result = convert(declarations, source);
    this.diagnostics = result.diagnostics;
    // The compiler remembers that a module was missing; a cell with other imports in between makes it look again.
    if (result.diagnostics.some(({ code }) => code === MODULE_NOT_FOUND)) convert(declarations, "import 'node:fs'");
    if (result.diagnostics.length === 0) this.afterConvert(result, source, declarations);
    this.maps.forgetFresh();
    return result;
  }

  private afterConvert(result: ConvertResult, source: string, declarations: string): void {
    const script = this.script as CellScript | undefined;
    result.hasToplevelAwait ||= script?.awaits || hasTopLevelAwait(this.ts, source);
    if (this.startingFile !== undefined) this.maps.register(this.startingFile, result.output ?? '', LINES_BEFORE);
    result.output = result.output && withoutExtensions(result.output);
    for (const side of result.sideOutputs ?? []) {
      this.maps.register(side.path, side.data, 0);
      side.data = withoutExtensions(side.data);
    }
    result.sideOutputs = this.sideModules.withDependents(result.sideOutputs);
    this.notebook.beginCell(script?.names ?? [], declarations, result.declOutput ?? '');
  }

  private compileCell(module: string): CellScript {
    this.script = toCellScript(this.ts, module, {
      earlier: this.notebook.names,
      mustImport: (specifier) => this.modules.mustImport(specifier),
    });
    return this.script;
  }

  /** tslab runs each cell as a script without a name; stack traces show the name given here. */
  private nameScripts(): void {
    const run = vm.runInThisContext;
    vm.runInThisContext = (code, options) => {
      const filename = this.startingFile;
      if (filename === undefined || typeof options !== 'object' || !options.breakOnSigint) return run(code, options);
      this.startingFile = undefined;
      // The compiler has just finished: interrupts that arrived meanwhile are for this cell.
      this.interrupts.check();
      // tslab's wrapper begins on the cell's first line.
      const columnOffset = -(code.indexOf('{ ') + 2);
      return keepingListeners(() => run(code, { ...options, filename, columnOffset }));
    };
  }

  private compiling<T>(work: () => T): T {
    const before = this.state.compiling;
    this.state.compiling = true;
    try {
      return work();
    } finally {
      this.state.compiling = before;
    }
  }
}

/** tslab stores compiled user files under names without an extension. */
function withoutExtensions(script: string): string {
  return script.replace(/\brequire\("(\.{1,2}\/[^"\n]+)\.tsx?"\)/g, 'require("$1")');
}

/** tslab gives cells `require` but not the other globals that Node's types declare. */
function defineFolder(folder: string): void {
  const properties = { writable: true, configurable: true };
  Object.defineProperty(globalThis, '__dirname', { ...properties, value: folder });
  Object.defineProperty(globalThis, '__filename', { ...properties, value: path.join(folder, 'notebook.ts') });
}
