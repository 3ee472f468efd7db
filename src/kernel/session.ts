import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { PaddleLabError } from '../errors';
import { connectRuntime, runScript } from './cell-executor';
import type {
  CellCompiler,
  CellScript,
  CompiledCell,
  Completeness,
  Completion,
  Diagnostic,
  ScriptMaps,
} from './compiler/cell-compiler';
import { createCompiler } from './compiler/create-compiler';
import { type CompilerName, chosenCompiler } from './compiler/names';
import { Interrupted } from './interrupted';
import { CellModules, importDefault, importStar } from './modules/cell-modules';
import { ModuleGraph } from './modules/module-graph';
import { hookResolution } from './modules/resolve-fallback';
import { NotebookValues } from './notebook-values';
import { OWN_NAME } from './own-name';
import { PendingInterrupts } from './pending-interrupts';
import { takeSignal } from './sigint';
import type { SharedState } from './thread-messages';
import { loadTslabForCells, type TslabDisplay } from './tslab/display';

/** How long Node's signal thread may take on a busy machine. */
const SIGNAL_MS = 300;
const SIGNAL_TURN_MS = 10;

const NONE: ReadonlySet<string> = new Set();

/** The outcome of a cell. */
export type Outcome =
  | { kind: 'done'; hasValue: boolean; value: unknown }
  | { kind: 'diagnostics'; diagnostics: readonly Diagnostic[] }
  | { kind: 'thrown'; error: unknown };

/** The TypeScript session of a notebook: compiles and runs cells; each cell sees the names of earlier ones. */
export class TypeScriptSession {
  /** The values of the notebook's names. */
  readonly values = new NotebookValues();
  /** The interrupts of the current cell; checked before its code begins. */
  readonly interrupts: PendingInterrupts;
  /** Called for what cells show by tslab's `display`. */
  onTslabDisplay: TslabDisplay = () => {};
  private current!: { name: CompilerName; compiler: CellCompiler; modules: CellModules };
  /** Whether a cell has loaded the package `tslab`, and with it tslab's compiler. */
  private hasTslab = false;
  /** The source of each cell that ran, by its file name. */
  private readonly sources = new Map<string, string>();
  private rejectRunning: ((reason: Interrupted) => void) | undefined;
  /** Settles when the questions of cells are answered. */
  explained: Promise<unknown> = Promise.resolve();
  /** The number of cells that have ended. */
  private ended = 0;

  constructor(
    private readonly folder: string,
    private readonly state: SharedState,
    compiler: CompilerName = chosenCompiler(),
  ) {
    this.interrupts = new PendingInterrupts(state);
    hookResolution(OWN_NAME);
    this.connect(compiler);
  }

  get compiler(): CellCompiler {
    return this.current.compiler;
  }

  get compilerName(): CompilerName {
    return this.current.name;
  }

  /**
   * Compiles later cells with another compiler.
   *
   * @throws PaddleLabError INVALID_ARGUMENT if cells have declared names, whose types it would not know
   */
  useCompiler(name: CompilerName): void {
    if (name === this.compilerName) return;
    if (!this.values.isEmpty || this.hasTslab) {
      throw new PaddleLabError(
        'INVALID_ARGUMENT',
        'Expected %typescript before the first cell that declares a name; restart the kernel to change the compiler',
      );
    }
    this.compiler.close();
    this.connect(name);
  }

  /**
   * Runs a cell; never rejects. Give the event loop a turn before the call: V8 drops pending microtasks on an
   * interrupt.
   */
  async execute(source: string, file: string): Promise<Outcome> {
    this.sources.set(file, source);
    try {
      this.interrupts.check();
      return this.finish(await this.untilInterrupted(() => this.compileAndRun(source, file)));
    } catch (error) {
      return this.finish({ kind: 'thrown', error });
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
  }

  /** Ends a cell whose end got lost when V8 terminated it. */
  abandon(): void {
    this.finish({ kind: 'thrown', error: new Interrupted() });
    this.rejectRunning = undefined;
    this.state.turn();
  }

  complete(source: string, position: number): Promise<Completion> {
    return this.compiler.complete(source, position);
  }

  /** Type and documentation of the name at a position. */
  inspect(source: string, position: number): Promise<string | undefined> {
    return this.compiler.inspect(source, position);
  }

  /** Answers a question that a cell asks while it runs. */
  explain(name: string, show: (text: string | undefined) => void): void {
    const answer = this.compiler.inspect(name, name.length).then(show);
    this.explained = Promise.all([this.explained, answer]);
  }

  completeness(source: string): Promise<Completeness> {
    return this.compiler.completeness(source);
  }

  get maps(): ScriptMaps {
    return this.compiler.maps;
  }

  sourceOf(file: string): string | undefined {
    return this.sources.get(file);
  }

  /** Forgets every name. */
  reset(): void {
    this.values.reset();
    this.compiler.reset();
  }

  close(): void {
    this.compiler.close();
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

  /** Creates a compiler, and connects what its scripts call. */
  private connect(name: CompilerName): void {
    const { folder, state } = this;
    const graph = new ModuleGraph((text) => this.compiler.importsOf(text));
    const notebook = path.join(folder, 'notebook.ts');
    const compiler = createCompiler(name, {
      folder,
      state,
      graph,
      mustImport: (specifier) => this.current.modules.mustImport(specifier),
      hasCode: (specifier) => this.current.modules.hasCode(specifier),
      special: { tslab: () => this.loadTslab() },
    });
    const modules = new CellModules(folder, compiler.requireIn(folder, createRequire(notebook)), graph, (specifier) =>
      compiler.locate(specifier),
    );
    this.current = { name, compiler, modules };
    connectRuntime({
      exports: this.values.scope,
      require: modules.require,
      import: (specifier) => modules.import(specifier),
      importDefault,
      importStar,
      meta: { dirname: folder, filename: notebook, url: pathToFileURL(notebook).href },
    });
    defineFolder(folder, notebook);
  }

  private loadTslab(): unknown {
    this.hasTslab = true;
    return loadTslabForCells((...display) => this.onTslabDisplay(...display));
  }

  private async compileAndRun(source: string, file: string): Promise<Outcome> {
    const { ended } = this;
    const cell: CompiledCell = await this.compiler.compile(source, file);
    // An interrupt has ended the cell while it was compiled.
    if (this.ended !== ended) throw new Interrupted();
    // Interrupts that arrived meanwhile are for this cell.
    this.interrupts.check();
    if (cell.kind === 'diagnostics') return cell;
    if (cell.kind === 'nothing') return { kind: 'done', hasValue: false, value: undefined };
    return this.run(cell.script, file);
  }

  private async run(script: CellScript, file: string): Promise<Outcome> {
    this.values.beginCell(script);
    const rest = runScript(script, file);
    if (script.awaits) await rest;
    await this.explained;
    const value = script.valueName === undefined ? undefined : this.values.scope[script.valueName];
    return { kind: 'done', hasValue: value !== undefined && value !== null, value };
  }

  private finish(outcome: Outcome): Outcome {
    this.ended += 1;
    const code = outcome.kind === 'thrown' ? (outcome.error as NodeJS.ErrnoException | undefined)?.code : undefined;
    const isSignalled = code === 'ERR_SCRIPT_EXECUTION_INTERRUPTED';
    if (isSignalled) this.state.signalled = false;
    if (isSignalled || (outcome.kind === 'thrown' && outcome.error instanceof Interrupted)) this.compiler.interrupt();
    const missed = this.values.endCell();
    this.compiler.endCell(outcome.kind === 'done' ? NONE : missed);
    return outcome;
  }
}

/** Cells get `require` but not the other globals that Node's types declare. */
function defineFolder(folder: string, notebook: string): void {
  const properties = { writable: true, configurable: true };
  Object.defineProperty(globalThis, '__dirname', { ...properties, value: folder });
  Object.defineProperty(globalThis, '__filename', { ...properties, value: notebook });
}
