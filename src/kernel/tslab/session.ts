import path from 'node:path';
import vm from 'node:vm';
import type { SharedState } from '../thread-messages';
import {
  type Completion,
  type Converter,
  type ConvertResult,
  type Diagnostic,
  type Executor,
  loadTslab,
  type TslabModules,
  type TypeScriptApi,
} from './internals';
import { hookResolution, PackageFallback } from './package-fallback';
import { SourceMaps } from './source-maps';
import { hasTopLevelAwait } from './top-level-await';
import { OWN_NAME, patchTypeScript } from './typescript-patch';

/** tslab puts `export {};` before each cell. */
const LINES_BEFORE = 1;

/** How a cell ended. */
export type Outcome =
  | { kind: 'done'; hasValue: boolean; value: unknown }
  | { kind: 'diagnostics'; diagnostics: Diagnostic[] }
  | { kind: 'thrown'; error: unknown };

/** What a cell that was interrupted ends with. */
export class Interrupted extends Error {
  constructor() {
    super('The cell was interrupted');
    this.name = 'Interrupted';
  }
}

/** The language of the notebook: compiles and runs cells, each of which sees what the ones before it declared. */
export class TypeScriptSession {
  readonly maps = new SourceMaps();
  readonly ts: TypeScriptApi;
  readonly tslab: TslabModules;
  private readonly executor: Executor;
  /** The source of each cell that ran, by its file name. */
  private readonly sources = new Map<string, string>();
  private diagnostics: Diagnostic[] = [];
  private outcome: Outcome | undefined;
  private startingFile: string | undefined;
  private rejectRunning: ((reason: Interrupted) => void) | undefined;

  constructor(
    folder: string,
    private readonly state: SharedState,
  ) {
    this.ts = patchTypeScript(this.maps, new PackageFallback());
    hookResolution(OWN_NAME);
    this.tslab = loadTslab();
    const node = this.compiling(() => this.createConverter());
    this.nameScripts();
    defineFolder(folder);
    const converters = { node, browser: node, close: () => node.close() };
    this.executor = this.tslab.executor.createExecutor(folder, converters, {
      log: (value) => {
        this.outcome = { kind: 'done', hasValue: true, value };
      },
      // For diagnostics, the first argument is a format; those are taken from the conversion itself.
      error: (first, ...rest) => {
        if (rest.length === 0) this.outcome = { kind: 'thrown', error: first };
      },
    });
  }

  /** Runs a cell; never rejects. Give the event loop a turn before: V8 drops pending microtasks on an interrupt. */
  async execute(source: string, file: string): Promise<Outcome> {
    this.outcome = undefined;
    this.diagnostics = [];
    this.startingFile = file;
    this.sources.set(file, source);
    try {
      const ok = await this.untilInterrupted(() => this.executor.execute(source));
      return this.outcome ?? this.plainOutcome(ok);
    } catch (error) {
      return { kind: 'thrown', error };
    } finally {
      this.startingFile = undefined;
    }
  }

  /** Waits for a promise of the user's, unless an interrupt comes first. */
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

  /** Gives up waiting for the cell that runs. Code that blocks the thread is stopped from outside. */
  interrupt(): void {
    this.rejectRunning?.(new Interrupted());
    this.executor.interrupt();
  }

  complete(source: string, position: number): Completion {
    return this.compiling(() => this.executor.complete(source, position));
  }

  /** Type and documentation of what is at a position. */
  inspect(source: string, position: number): string | undefined {
    const info = this.compiling(() => this.executor.inspect(source, position));
    const text = info && this.tslab.inspect.printQuickInfo(info);
    // What the compiler says of a name that it does not know.
    return text === 'any' ? undefined : text;
  }

  sourceOf(file: string): string | undefined {
    return this.sources.get(file);
  }

  close(): void {
    this.executor.close();
  }

  private plainOutcome(ok: boolean): Outcome {
    if (this.diagnostics.length > 0) return { kind: 'diagnostics', diagnostics: this.diagnostics };
    if (ok) return { kind: 'done', hasValue: false, value: undefined };
    return { kind: 'thrown', error: new Error('tslab did not run the cell and gave no reason') };
  }

  private createConverter(): Converter {
    const converter = this.tslab.converter.createConverter({ isJS: false, isBrowser: false });
    const { convert, addModule } = converter;
    converter.convert = (declarations, source) =>
      this.compiling(() => this.afterConvert(convert(declarations, source), source));
    converter.addModule = (...args) => {
      this.diagnostics = this.compiling(() => addModule(...args));
      return this.diagnostics;
    };
    return converter;
  }

  private afterConvert(result: ConvertResult, source: string): ConvertResult {
    this.diagnostics = result.diagnostics;
    if (result.diagnostics.length === 0) {
      result.hasToplevelAwait ||= hasTopLevelAwait(this.ts, source);
      if (this.startingFile !== undefined) this.maps.register(this.startingFile, result.output ?? '', LINES_BEFORE);
      result.output = result.output && withoutExtensions(result.output);
      for (const side of result.sideOutputs ?? []) {
        this.maps.register(side.path, side.data, 0);
        side.data = withoutExtensions(side.data);
      }
    }
    this.maps.forgetFresh();
    return result;
  }

  /** tslab runs each cell as a nameless script; the name is what stack traces show. */
  private nameScripts(): void {
    const run = vm.runInThisContext;
    vm.runInThisContext = (code, options) => {
      const filename = this.startingFile;
      if (filename === undefined || typeof options !== 'object' || !options.breakOnSigint) return run(code, options);
      this.startingFile = undefined;
      // What tslab wraps around a cell begins on the cell's first line.
      const columnOffset = -(code.indexOf('{ ') + 2);
      return run(code, { ...options, filename, columnOffset });
    };
  }

  private compiling<T>(work: () => T): T {
    this.state.compiling = true;
    try {
      return work();
    } finally {
      this.state.compiling = false;
    }
  }
}

/** tslab keeps what it compiled of the user's files under names without an extension. */
function withoutExtensions(script: string): string {
  return script.replace(/\brequire\("(\.{1,2}\/[^"\n]+)\.tsx?"\)/g, 'require("$1")');
}

/** tslab gives cells `require` but not the other names that the types of Node promise. */
function defineFolder(folder: string): void {
  const properties = { writable: true, configurable: true };
  Object.defineProperty(globalThis, '__dirname', { ...properties, value: folder });
  Object.defineProperty(globalThis, '__filename', { ...properties, value: path.join(folder, 'notebook.ts') });
}
