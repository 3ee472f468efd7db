import path from 'node:path';
import { cacheFolder } from '../../runtime/cache';
import type {
  CellCompiler,
  CompiledCell,
  CompilerParts,
  Completeness,
  Completion,
  Diagnostic,
} from '../compiler/cell-compiler';
import type { SharedState } from '../thread-messages';
import { type RewrittenCell, toCellScript } from './cell-script';
import { CompiledModules } from './compiled-modules';
import type { CompilerCache } from './compiler-cache';
import { completeness } from './completeness';
import { FileWatch } from './file-watch';
import {
  type Converter,
  type ConvertResult,
  compilerCache,
  loadTslab,
  type TslabModules,
  type TypeScriptApi,
} from './internals';
import { NotebookDeclarations } from './notebook-declarations';
import { PackageFallback } from './package-fallback';
import { SideModules } from './side-modules';
import { SourceMaps } from './source-maps';
import { hasTopLevelAwait } from './top-level-await';
import { patchTypeScript } from './typescript-patch';
import { withoutExports } from './without-exports';

/** tslab puts `export {};` before each cell. */
const LINES_BEFORE = 1;
/** The compiler's error code for a module that it does not find. */
const MODULE_NOT_FOUND = 2307;
/** An import form that the compiler's quick scan for imports misses. */
const NAMED_EXPORT = /\bexport\s*\*\s*as\s+[\w$]+\s+from\b/g;

/** Compiles cells with tslab's compiler; earlier cells are declarations for it. */
export class TslabCompiler implements CellCompiler {
  readonly maps = new SourceMaps();
  readonly ts: TypeScriptApi;
  readonly tslab: TslabModules;
  private readonly declarations: NotebookDeclarations;
  private readonly converter: Converter;
  private readonly sideModules: SideModules;
  private readonly compiledModules: CompiledModules;
  private readonly watch = new FileWatch(1);
  private readonly cache: CompilerCache;
  private readonly state: SharedState;
  /** The cell being compiled, after its second step. */
  private rewritten: RewrittenCell | undefined;

  constructor({ state, graph, mustImport, special }: CompilerParts) {
    this.state = state;
    this.cache = compilerCache(path.join(cacheFolder(), 'kernel'));
    this.ts = patchTypeScript({
      cache: this.cache,
      maps: this.maps,
      fallback: new PackageFallback(),
      watch: this.watch,
      compileCell: (module) => {
        this.rewritten = toCellScript(this.ts, module, { earlier: this.declarations.names, mustImport });
        return this.rewritten;
      },
    });
    this.sideModules = new SideModules(graph);
    this.compiledModules = new CompiledModules(special);
    this.tslab = loadTslab();
    this.declarations = new NotebookDeclarations(this.ts);
    this.converter = this.working(() => this.tslab.converter.createConverter({ isJS: false, isBrowser: false }));
  }

  requireIn(folder: string, plain: NodeJS.Require): NodeJS.Require {
    return this.compiledModules.requireIn(folder, plain);
  }

  locate(specifier: string): string {
    return specifier;
  }

  async compile(source: string, file: string): Promise<CompiledCell> {
    this.declarations.forgetCell();
    const metadata = this.tslab.metadata.getCodeMetadata(source);
    const { module, mode } = metadata;
    if (module !== undefined) {
      return cellWithout(this.working(() => this.converter.addModule(module, source, metadata)));
    }
    if (mode === 'browser') return { kind: 'nothing' };
    return this.working(() => this.convert(withoutExports(this.ts, source), file));
  }

  endCell(missed: ReadonlySet<string>): void {
    this.declarations.endCell(missed);
  }

  interrupt(): void {
    // It only works between two turns of the event loop, and is not terminated then.
  }

  async complete(source: string, position: number): Promise<Completion> {
    const declarations = this.declarations.before(source);
    const found = this.working(() => this.converter.complete(declarations, source, position));
    const { start, end } = found;
    const kinds = new Map(found.original?.entries?.map((entry) => [entry.name, entry.kind]));
    const helpers = source[start - 1] === '.' ? [] : this.declarations.helpersLike(source.slice(start, end));
    const names = [...new Set([...helpers, ...found.candidates])].filter((name) => !/^tsLastExpr\d*$/.test(name));
    return { start, end, candidates: names.map((name) => ({ name, kind: kinds.get(name) ?? '' })) };
  }

  async inspect(source: string, position: number): Promise<string | undefined> {
    const declarations = this.declarations.before(source);
    const info = this.working(() => this.converter.inspect(declarations, source, position));
    const text = info && this.tslab.inspect.printQuickInfo(info);
    // The compiler's answer for an unknown name.
    return text === 'any' ? undefined : text;
  }

  async completeness(source: string): Promise<Completeness> {
    return completeness(this.ts, this.tslab, source);
  }

  importsOf(text: string): string[] {
    const { importedFiles } = this.ts.preProcessFile(text.replace(NAMED_EXPORT, 'export * from'), true, true);
    return importedFiles.map(({ fileName }) => fileName);
  }

  reset(): void {
    this.declarations.reset();
  }

  close(): void {
    this.cache.save();
    this.converter.close();
  }

  private convert(source: string, file: string): CompiledCell {
    this.watch.poll();
    this.rewritten = undefined;
    const before = this.declarations.before(source);
    const result = this.converter.convert(before, source);
    // The compiler remembers that a module was missing; a cell with other imports in between makes it look again.
    if (result.diagnostics.some(({ code }) => code === MODULE_NOT_FOUND)) {
      this.converter.convert(before, "import 'node:fs'");
    }
    const cell = result.diagnostics.length > 0 ? cellWithout(result.diagnostics) : this.cellOf(result, source, file);
    if (cell.kind !== 'diagnostics') this.declarations.beginCell({ before, after: result.declOutput ?? '' });
    this.maps.forgetFresh();
    return cell;
  }

  private cellOf(result: ConvertResult, source: string, file: string): CompiledCell {
    const rewritten = this.rewritten as RewrittenCell | undefined;
    const script = result.output ?? '';
    this.maps.register(file, script, LINES_BEFORE);
    for (const { path, data } of result.sideOutputs ?? []) this.maps.register(path, data, 0);
    const changed = result.sideOutputs?.map(({ path, data }) => ({ path, data: withoutExtensions(data) }));
    this.compiledModules.update(this.sideModules.withDependents(changed) ?? []);
    if (script === '') return { kind: 'nothing' };
    return {
      kind: 'script',
      script: {
        code: withoutExtensions(script),
        awaits: result.hasToplevelAwait === true || rewritten?.awaits === true || hasTopLevelAwait(this.ts, source),
        valueName: result.lastExpressionVar,
        names: rewritten?.names ?? [],
      },
    };
  }

  /** Shows other threads that the compiler runs, which must not be terminated half-way. */
  private working<T>(work: () => T): T {
    const before = this.state.compiling;
    this.state.compiling = true;
    try {
      return work();
    } finally {
      this.state.compiling = before;
    }
  }
}

function cellWithout(diagnostics: readonly Diagnostic[]): CompiledCell {
  return diagnostics.length > 0 ? { kind: 'diagnostics', diagnostics } : { kind: 'nothing' };
}

/** tslab stores compiled user files under names without an extension. */
function withoutExtensions(script: string): string {
  return script.replace(/\brequire\("(\.{1,2}\/[^"\n]+)\.tsx?"\)/g, 'require("$1")');
}
