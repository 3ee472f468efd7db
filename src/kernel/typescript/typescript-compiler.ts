import path from 'node:path';
import type {
  CellCompiler,
  CompiledCell,
  CompilerParts,
  Completeness,
  Completion,
  Diagnostic,
} from '../compiler/cell-compiler';
import { Interrupted } from '../interrupted';
import { ModuleCells } from '../modules/module-cells';
import { TypeScriptFiles } from '../modules/typescript-files';
import { CellDocuments, type CellText } from './cell-documents';
import { completeness } from './completeness';
import { completionOf, type ServerCompletion } from './completion';
import { cellDiagnostics, plainDiagnostics, type ServerDiagnostic, syntaxDiagnostic } from './diagnostics';
import { emit } from './emit';
import { FolderConfig, readFolderConfig } from './folder-config';
import { writableType } from './inferred-types';
import { LanguageServer } from './language-server';
import { roleOf } from './module-cell';
import { CONFIG_NAME, fallbackPackages, programConfig } from './options';
import { OwnFiles } from './own-files';
import { PackageTypes } from './package-types';
import { importsOf, loadParser, type SyntaxProblem } from './parser';
import { type Hover, hintsAt, plainHover, plainSignatures, type SignatureHelp, withHints } from './quick-info';
import { type ReadCell, readCell, VALUE_NAME } from './read-cell';
import { rewriteScript } from './rewrite-script';
import { offsetOf, TypeScriptMaps } from './script-maps';
import { TypeImports } from './type-imports';
import { WatchedFiles } from './watched-files';

const CONFIGURATION = { customConfigFileName: CONFIG_NAME, disableAutomaticTypeAcquisition: true };

/** Compiles cells with the published TypeScript: its language server checks them, and another compiler emits them. */
export class TypeScriptCompiler implements CellCompiler {
  readonly maps = new TypeScriptMaps();
  readonly server: LanguageServer;
  readonly documents: CellDocuments;
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
    this.watched = new WatchedFiles(folder, this.config);
    this.ownFiles = new OwnFiles(this.watched, (file) => this.diagnose(file));
    const locate = (specifier: string): string => this.locate(specifier);
    const compile = (source: string, file: string): string => this.compileFile(source, file);
    this.files = new TypeScriptFiles(parts.graph, this.moduleCells, compile, locate);
    const config = path.join(folder, CONFIG_NAME);
    const fallbacks = fallbackPackages(folder);
    this.packageTypes = new PackageTypes(this.server, folder, fallbacks);
    this.documents = new CellDocuments(this.server, folder, this.config.emit, (files) => {
      this.server.write(config, programConfig(folder, files, fallbacks, this.config.paths), 'plaintext');
    });
    this.typeImports = new TypeImports((text) => {
      this.server.write(this.documents.current, text);
      return this.diagnose();
    });
    this.warmUp();
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
    this.inTurn(() => this.renewProgram()).catch(() => undefined);
  }

  complete(source: string, position: number): Promise<Completion> {
    return this.inTurn(async () => {
      const params = this.at(source, position, this.show(source));
      const found = await this.server.request<ServerCompletion | null>('textDocument/completion', params);
      return completionOf(source, position, found?.items ?? [], this.documents.names());
    });
  }

  inspect(source: string, position: number): Promise<string | undefined> {
    return this.inTurn(async () => {
      const at = this.at(source, position, this.show(source));
      const found = this.diagnose();
      const hover = await this.server.request<Hover | null>('textDocument/hover', at);
      const info = hover === null ? undefined : plainHover(hover);
      const hints = hintsAt(await found, at.position);
      if (info !== undefined) return withHints(info, hints);
      const help = await this.server.request<SignatureHelp | null>('textDocument/signatureHelp', at);
      return help === null ? undefined : plainSignatures(help);
    });
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
      await this.diagnose();
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
    const answers = Promise.all([this.diagnose(), this.inferredTypes(source, cell, text)]);
    // Meanwhile, the server works.
    const compiled = this.working(() => this.scriptOf(source, file, cell));
    const [found, types] = await answers;
    const diagnostics = cellDiagnostics(found, text, source, (name) => this.documents.kindOf(name));
    if (diagnostics.length === 0 && compiled.kind === 'problem') {
      diagnostics.push(syntaxDiagnostic(compiled.problem, source));
    }
    diagnostics.push(...(await this.ownFiles.errors(cell.imports)));
    if (compiled.kind === 'problem' || diagnostics.length > 0) return { kind: 'diagnostics', diagnostics };
    this.compiled = { cell, types };
    return compiled;
  }

  /** The types of those names whose inference would begin in earlier cells. */
  private async inferredTypes(
    source: string,
    { inferred, declared }: ReadCell,
    text: CellText,
  ): Promise<Map<string, string>> {
    const types = new Map<string, string>();
    if (![...text.used.values()].some(({ kind }) => kind !== 'import' && kind !== 'type')) return types;
    const isOwn = (name: string): boolean => declared.has(name) || this.documents.has(name);
    const found = inferred.map(async ({ name, start }) => {
      const hover = await this.server.request<Hover | null>('textDocument/hover', this.at(source, start, text));
      const type = hover === null ? undefined : writableType(plainHover(hover) ?? '', isOwn);
      if (type !== undefined) types.set(name, type);
    });
    await Promise.all(found);
    return types;
  }

  /** A cell that other cells import as a file of this name. */
  private async compileModule(source: string, name: string): Promise<CompiledCell> {
    const file = path.join(this.parts.folder, `${name}.ts`);
    const imports = importsOf(source, file);
    this.prepare(imports);
    this.server.write(file, source);
    // The program may not have it yet.
    this.documents.show(`import ${JSON.stringify(`./${name}`)};`, new Map());
    await this.diagnose();
    const diagnostics: Diagnostic[] = plainDiagnostics(await this.diagnose(file), source);
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

  private async diagnose(file: string = this.documents.current): Promise<readonly ServerDiagnostic[]> {
    const textDocument = { uri: this.server.uriOf(file) };
    const report = await this.server.request<{ items?: ServerDiagnostic[] }>('textDocument/diagnostic', {
      textDocument,
    });
    return report.items ?? [];
  }

  /** Makes the server take the changed documents, without a check. */
  private renewProgram(): Promise<unknown> {
    const textDocument = { uri: this.server.uriOf(this.documents.current) };
    return this.server.request('textDocument/documentSymbol', { textDocument });
  }

  private at(source: string, offset: number, { linesBefore }: CellText): DocumentPosition {
    const before = source.slice(0, offset).split('\n');
    const position = { line: before.length - 1 + linesBefore, character: before.at(-1)?.length ?? 0 };
    return { textDocument: { uri: this.server.uriOf(this.documents.current) }, position };
  }

  /** The script of a cell, or what its syntax does not allow; the compiler's own errors are better, if it has any. */
  private scriptOf(
    source: string,
    file: string,
    cell: ReadCell,
  ): CompiledScript | { kind: 'problem'; problem: SyntaxProblem } {
    const { declared, prepared, awaits, hasValue } = cell;
    const [problem] = cell.problems;
    if (problem !== undefined) return { kind: 'problem', problem };
    const emitted = emit(prepared.text, file, this.config.emit);
    if ('message' in emitted) {
      const at = prepared.original(offsetOf(prepared.text, emitted));
      return { kind: 'problem', problem: { message: emitted.message, places: [{ start: at, end: at }] } };
    }
    const rewritten = rewriteScript(emitted.code, { declared, isKnown: (name) => this.documents.hasValue(name) });
    if (rewritten.text.trim() === '') return { kind: 'nothing' };
    this.maps.register(file, { source, prepared, emitted, rewritten });
    const names = [...declared].flatMap(([name, { isValue }]) => (isValue ? [name] : []));
    return {
      kind: 'script',
      script: { code: rewritten.text, awaits, valueName: hasValue ? VALUE_NAME : undefined, names },
    };
  }

  private compileFile(source: string, file: string): string {
    const language = file.endsWith('x') ? 'tsx' : 'ts';
    const emitted = emit(source, file, { ...this.config.emit, language, commonJs: true });
    if ('message' in emitted) {
      const place = `${file}:${emitted.line + 1}:${emitted.column + 1}`;
      throw new SyntaxError(`${place} - ${emitted.message}`);
    }
    this.maps.register(file, { source, emitted });
    return emitted.code;
  }
}

type CompiledScript = Exclude<CompiledCell, { kind: 'diagnostics' }>;

interface DocumentPosition {
  textDocument: { uri: string };
  position: { line: number; character: number };
}
