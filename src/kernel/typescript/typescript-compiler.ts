import path from 'node:path';
import type {
  CellCompiler,
  CompiledCell,
  CompilerParts,
  Completeness,
  Completion,
  Diagnostic,
  ScriptMaps,
} from '../compiler/cell-compiler';
import { Interrupted } from '../interrupted';
import { ModuleCells } from '../modules/module-cells';
import { TypeScriptFiles } from '../modules/typescript-files';
import { CellDocuments, type CellText } from './cell-documents';
import { CellQueries } from './cell-queries';
import { CellScripts } from './cell-scripts';
import type { ReadCell } from './cell-syntax';
import { completeness } from './completeness';
import { completionOf } from './completion';
import { cellDiagnostics, plainDiagnostics, syntaxDiagnostic } from './diagnostics';
import { FolderConfig, readFolderConfig } from './folder-config';
import { LanguageServer } from './language-server';
import { roleOf } from './module-cell';
import { CONFIG_NAME, fallbackPackages, programConfig } from './options';
import { OwnFiles } from './own-files';
import { PackageTypes } from './package-types';
import { importsOf, loadParser } from './parser';
import { readCell } from './read-cell';
import { TypeImports } from './type-imports';
import { WatchedFiles } from './watched-files';

const CONFIGURATION = { customConfigFileName: CONFIG_NAME, disableAutomaticTypeAcquisition: true };

/** Compiles cells with the published TypeScript: its language server checks them, and another compiler emits them. */
export class TypeScriptCompiler implements CellCompiler {
  readonly server: LanguageServer;
  readonly documents: CellDocuments;
  private readonly queries: CellQueries;
  private readonly scripts: CellScripts;
  private readonly config: FolderConfig;
  /** Why the folder's configuration can't be read. */
  private configProblem: unknown;
  private readonly watched: WatchedFiles;
  private readonly ownFiles: OwnFiles;
  private readonly packageTypes: PackageTypes;
  private readonly typeImports: TypeImports;
  private readonly moduleCells = new ModuleCells();
  private readonly files: TypeScriptFiles;
  private readonly parts: CompilerParts;
  private compiled: { cell: ReadCell; types: ReadonlyMap<string, string> } | undefined;
  /** The server's documents are for one request at a time. */
  private turn: Promise<unknown> = loadParser();

  constructor(parts: CompilerParts) {
    this.parts = parts;
    const { folder } = parts;
    this.config = this.readConfig(folder);
    this.server = new LanguageServer(folder, CONFIGURATION);
    this.server.start();
    const config = path.join(folder, CONFIG_NAME);
    const fallbacks = fallbackPackages(folder);
    this.documents = new CellDocuments(this.server, folder, this.config.emit, (files) => {
      this.server.write(config, programConfig(folder, files, fallbacks, this.config), 'plaintext');
    });
    this.queries = new CellQueries(this.server, this.documents);
    this.scripts = new CellScripts(this.config.emit, (name) => this.documents.hasValue(name));
    this.watched = new WatchedFiles(folder, this.config);
    this.ownFiles = new OwnFiles(this.watched, (file) => this.queries.diagnose(file));
    this.packageTypes = new PackageTypes(this.server, folder, fallbacks);
    this.typeImports = new TypeImports((text) => {
      this.server.write(this.documents.current, text);
      return this.queries.diagnose();
    });
    this.files = new TypeScriptFiles(parts.graph, this.moduleCells, {
      compile: (source, file) => this.scripts.ofFile(source, file),
      locate: (specifier) => this.locate(specifier),
    });
    this.warmUp();
  }

  get maps(): ScriptMaps {
    return this.scripts.maps;
  }

  requireIn(folder: string, plain: NodeJS.Require): NodeJS.Require {
    return this.files.requireIn(folder, plain, this.parts.special);
  }

  locate(specifier: string): string {
    return this.config.locate(specifier);
  }

  compile(source: string, file: string): Promise<CompiledCell> {
    return this.inTurn(async () => {
      this.compiled = undefined;
      this.files.forgetUnfinished();
      if (this.configProblem !== undefined) throw this.configProblem;
      const role = roleOf(source);
      if (role.kind === 'browser') return { kind: 'nothing' };
      return role.kind === 'module' ? this.compileModule(source, role.name) : this.compileCell(source, file);
    });
  }

  endCell(missed: ReadonlySet<string>): void {
    const { compiled } = this;
    this.compiled = undefined;
    if (compiled === undefined || !this.documents.keep(compiled.cell, missed, compiled.types)) return;
    // The server adapts its program to one changed document much faster than to two, so it takes this one now.
    this.inTurn(() => this.queries.renewProgram()).catch(() => undefined);
  }

  complete(source: string, position: number): Promise<Completion> {
    return this.inTurn(async () => {
      const found = await this.queries.complete(source, position, this.show(source));
      return completionOf(source, position, found?.items ?? [], this.documents.names());
    });
  }

  inspect(source: string, position: number): Promise<string | undefined> {
    return this.inTurn(() => this.queries.inspect(source, position, this.show(source)));
  }

  completeness(source: string): Promise<Completeness> {
    return this.inTurn(async () => completeness(source, this.config.emit.language));
  }

  importsOf(text: string): string[] {
    return importsOf(text, 'module.mjs');
  }

  interrupt(): void {
    // V8 drops what waits for a promise when it terminates code; nothing later may wait for that.
    this.turn = loadParser();
    this.server.abandon(new Interrupted());
  }

  reset(): void {
    this.documents.reset();
  }

  close(): void {
    this.server.close();
  }

  private readConfig(folder: string): FolderConfig {
    try {
      return readFolderConfig(folder);
    } catch (error) {
      // Thrown by the first cell, so that it is read.
      this.configProblem = error;
      return new FolderConfig(folder);
    }
  }

  /** Loads the libraries before the first cell needs them. */
  private warmUp(): void {
    this.inTurn(async () => {
      this.documents.show('', new Map());
      await this.queries.diagnose();
    }).catch(() => undefined);
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.turn.then(work);
    this.turn = result.catch(() => undefined);
    return result;
  }

  /** Shows other threads that the compiler runs here: modules that it loads must not be terminated half-way. */
  private working<T>(work: () => T): T {
    const { state } = this.parts;
    const before = state.compiling;
    state.compiling = true;
    try {
      return work();
    } finally {
      state.compiling = before;
    }
  }

  private async compileCell(source: string, file: string): Promise<CompiledCell> {
    const cell = await this.read(source);
    const text = this.documents.show(cell.checked, cell.declared);
    const answers = Promise.all([this.queries.diagnose(), this.queries.inferredTypes(source, cell, text)]);
    // Meanwhile, the server works.
    const compiled = this.working(() => this.scripts.ofCell(source, file, cell));
    const [found, types] = await answers;
    const diagnostics = cellDiagnostics(found, text, source, this.documents);
    if (diagnostics.length === 0 && compiled.kind === 'problem') {
      diagnostics.push(syntaxDiagnostic(compiled.problem, source));
    }
    diagnostics.push(...(await this.ownFiles.errors(cell.imports)));
    if (compiled.kind === 'problem' || diagnostics.length > 0) return { kind: 'diagnostics', diagnostics };
    this.compiled = { cell, types };
    return compiled;
  }

  /** A cell that other cells import as a file of this name. */
  private async compileModule(source: string, name: string): Promise<CompiledCell> {
    const file = path.join(this.parts.folder, `${name}.ts`);
    const imports = importsOf(source, file);
    this.prepare(imports);
    this.server.write(file, source);
    // The program may not have it yet.
    this.documents.show(`import ${JSON.stringify(`./${name}`)};`, new Map());
    await this.queries.diagnose();
    const diagnostics: Diagnostic[] = plainDiagnostics(await this.queries.diagnose(file), source);
    if (diagnostics.length > 0) return { kind: 'diagnostics', diagnostics };
    this.moduleCells.set(file, source);
    return { kind: 'nothing' };
  }

  /** Reads a cell; imported names that are only types are found by the compiler. */
  private async read(source: string): Promise<ReadCell> {
    const { language } = this.config.emit;
    const cell = this.working(() => readCell(source, language, this.parts));
    this.prepare([...cell.imports, ...cell.required]);
    const unknown = cell.loads.filter(({ specifier }) => !this.hasCode(specifier));
    const types = await this.typeImports.among(unknown);
    if (types.size === 0) return cell;
    return readCell(source, language, { ...this.parts, isType: (name) => types.has(name) });
  }

  private hasCode(specifier: string): boolean {
    const { folder, special, hasCode } = this.parts;
    if (special[specifier] !== undefined || hasCode(specifier)) return true;
    return this.files.find(folder, this.locate(specifier)) !== undefined;
  }

  /** Shows the compiler what is new in the files and packages that a cell imports. */
  private prepare(imports: readonly string[]): void {
    this.watched.add(imports);
    this.packageTypes.prepare(imports);
    this.server.filesChanged(this.watched.changes());
  }

  private show(source: string): CellText {
    const { checked, declared } = readCell(source, this.config.emit.language, this.parts);
    return this.documents.show(checked, declared);
  }
}
