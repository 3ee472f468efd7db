import path from 'node:path';
import type {
  Candidate,
  CellCompiler,
  CompiledCell,
  CompilerParts,
  Completeness,
  Completion,
} from '../compiler/cell-compiler';
import { TypeScriptFiles } from '../modules/typescript-files';
import { CELLS } from './cell-document';
import { CellDocuments, type CellText } from './cell-documents';
import { completeness } from './completeness';
import { cellDiagnostics, type ServerDiagnostic, syntaxDiagnostic } from './diagnostics';
import { type EmitOptions, emit } from './emit';
import { kindName } from './kinds';
import { LanguageServer } from './language-server';
import { CONFIG_NAME, fallbackPackages, programConfig } from './options';
import { PackageTypes } from './package-types';
import { importsOf, loadParser } from './parser';
import { type Hover, plainHover, plainSignatures, type SignatureHelp } from './quick-info';
import { type ReadCell, readCell, VALUE_NAME } from './read-cell';
import { rewriteScript } from './rewrite-script';
import { TypeScriptMaps } from './script-maps';
import { WatchedFiles } from './watched-files';

const CONFIGURATION = {
  customConfigFileName: CONFIG_NAME,
  disableAutomaticTypeAcquisition: true,
  suggest: { autoImports: false },
};

interface ServerCompletion {
  items?: readonly { label: string; kind?: number; insertText?: string }[];
}

/** Compiles cells with the published TypeScript: its language server checks them, and another compiler emits them. */
export class TypeScriptCompiler implements CellCompiler {
  readonly maps = new TypeScriptMaps();
  readonly server: LanguageServer;
  readonly documents: CellDocuments;
  private readonly watched: WatchedFiles;
  private readonly packageTypes: PackageTypes;
  private readonly files: TypeScriptFiles;
  private readonly parts: CompilerParts;
  private readonly emitOptions: EmitOptions = { language: 'ts', legacyDecorators: false, commonJs: false };
  private compiled: ReadCell | undefined;
  /** The server's documents are for one request at a time. */
  private turn: Promise<unknown> = loadParser();

  constructor(parts: CompilerParts) {
    this.parts = parts;
    const { folder } = parts;
    this.server = new LanguageServer(folder, CONFIGURATION);
    this.server.start();
    this.watched = new WatchedFiles(folder);
    this.files = new TypeScriptFiles(parts.graph, (source, file) => this.compileFile(source, file));
    const config = path.join(folder, CONFIG_NAME);
    const fallbacks = fallbackPackages(folder);
    this.packageTypes = new PackageTypes(this.server, folder, fallbacks);
    this.documents = new CellDocuments(this.server, folder, (files) => {
      this.server.write(config, programConfig(folder, files, fallbacks), 'plaintext');
    });
    this.warmUp();
  }

  requireIn(folder: string, plain: NodeJS.Require): NodeJS.Require {
    return this.files.requireIn(folder, plain, this.parts.special);
  }

  compile(source: string, file: string): Promise<CompiledCell> {
    return this.inTurn(async () => {
      this.compiled = undefined;
      const cell = readCell(source, this.emitOptions.language, this.parts.mustImport);
      this.watched.add(cell.imports);
      this.packageTypes.prepare(cell.imports);
      this.server.filesChanged(this.watched.changes());
      const text = this.documents.show(cell.checked, cell.declared);
      const found = this.diagnose();
      // Meanwhile, the server works.
      const script = cell.problems.length === 0 ? this.script(source, file, cell) : undefined;
      const diagnostics = cellDiagnostics(await found, text, source, (name) => this.documents.kindOf(name));
      const [problem] = cell.problems;
      if (diagnostics.length === 0 && problem !== undefined) diagnostics.push(syntaxDiagnostic(problem, source));
      if (script === undefined || diagnostics.length > 0) return { kind: 'diagnostics', diagnostics };
      this.compiled = cell;
      return script;
    });
  }

  endCell(missed: ReadonlySet<string>): void {
    const cell = this.compiled;
    this.compiled = undefined;
    if (cell === undefined || !this.documents.keep(cell, missed)) return;
    // The server adapts its program to one changed document much faster than to two, so it takes this one now.
    this.inTurn(() => this.diagnose()).catch(() => undefined);
  }

  complete(source: string, position: number): Promise<Completion> {
    const start = position - wordLength(/[\p{ID_Continue}$\u200c\u200d]*$/u, source.slice(0, position));
    const end = position + wordLength(/^[\p{ID_Continue}$\u200c\u200d]*/u, source.slice(position));
    return this.inTurn(async () => {
      const text = this.show(source);
      const params = this.at(source, position, text);
      const found = await this.server.request<ServerCompletion | null>('textDocument/completion', params);
      const isMember = source[start - 1] === '.';
      const own = isMember ? [] : [...this.documents.names()].map(([name, kind]) => ({ name, kind: kindName(kind) }));
      // Names that fit only in brackets, such as those of symbols, do not continue a word.
      const items = (found?.items ?? []).filter(({ insertText }) => insertText?.startsWith('[') !== true);
      const others = items.map(({ label, kind }) => ({ name: label, kind: kindName(kind) }));
      return { start, end, candidates: matching([...own, ...others], source.slice(start, position)) };
    });
  }

  inspect(source: string, position: number): Promise<string | undefined> {
    return this.inTurn(async () => {
      const at = this.at(source, position, this.show(source));
      const hover = await this.server.request<Hover | null>('textDocument/hover', at);
      const info = hover === null ? undefined : plainHover(hover);
      if (info !== undefined) return info;
      const help = await this.server.request<SignatureHelp | null>('textDocument/signatureHelp', at);
      return help === null ? undefined : plainSignatures(help);
    });
  }

  completeness(source: string): Promise<Completeness> {
    return this.inTurn(async () => completeness(source));
  }

  importsOf(text: string): string[] {
    return importsOf(text, 'module.mjs');
  }

  reset(): void {
    this.documents.reset();
  }

  close(): void {
    this.server.close();
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

  private show(source: string): CellText {
    const { checked, declared } = readCell(source, this.emitOptions.language, this.parts.mustImport);
    return this.documents.show(checked, declared);
  }

  private async diagnose(): Promise<readonly ServerDiagnostic[]> {
    const textDocument = { uri: this.server.uriOf(this.documents.current) };
    const report = await this.server.request<{ items?: ServerDiagnostic[] }>('textDocument/diagnostic', {
      textDocument,
    });
    return report.items ?? [];
  }

  private at(source: string, offset: number, { linesBefore }: CellText): object {
    const before = source.slice(0, offset).split('\n');
    const position = { line: before.length - 1 + linesBefore, character: before.at(-1)?.length ?? 0 };
    return { textDocument: { uri: this.server.uriOf(this.documents.current) }, position };
  }

  private script(source: string, file: string, cell: ReadCell): CompiledCell {
    const { declared, prepared, awaits, hasValue } = cell;
    const emitted = emit(prepared.text, file, this.emitOptions);
    const rewritten = rewriteScript(emitted.code, { declared, isKnown: (name) => this.documents.has(name) });
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
    const emitted = emit(source, file, { ...this.emitOptions, language, commonJs: true });
    this.maps.register(file, { source, emitted });
    return emitted.code;
  }
}

function wordLength(pattern: RegExp, text: string): number {
  return pattern.exec(text)?.[0].length ?? 0;
}

/** The candidates that continue a word; those that do so in another case come last. */
function matching(candidates: readonly Candidate[], word: string): Candidate[] {
  const unique = [...new Map(candidates.map((each) => [each.name, each])).values()];
  const fitting = unique.filter(({ name }) => name !== CELLS && name.toLowerCase().startsWith(word.toLowerCase()));
  const isExact = ({ name }: Candidate): boolean => name.startsWith(word);
  return [...fitting.filter(isExact), ...fitting.filter((each) => !isExact(each))];
}
