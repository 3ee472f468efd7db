import { createRequire } from 'node:module';
import path from 'node:path';
import type * as TypeScript from '@tslab/typescript-for-tslab';
import { CompilerCache } from './compiler-cache';

// tslab declares only its display helpers as public. Everything in this file uses internals of its compiler and
// executor, which is safe because package.json pins the exact version; test/kernel/seams.test.ts has one test for each.

export type TypeScriptApi = typeof TypeScript;

export interface Position {
  offset: number;
  /** From zero. */
  line: number;
  /** From zero. */
  character: number;
}

export interface Diagnostic {
  start: Position;
  end: Position;
  messageText: string;
  category: number;
  code: number;
  /** Set if the position is not in the cell but in a file that the cell imports. */
  fileName?: string;
}

export interface ConvertResult {
  output?: string;
  declOutput?: string;
  diagnostics: Diagnostic[];
  hasToplevelAwait?: boolean;
  lastExpressionVar?: string;
  sideOutputs?: { path: string; data: string }[];
}

export interface Completion {
  start: number;
  end: number;
  candidates: string[];
  original?: { entries?: { name: string; kind: string }[] };
}

export interface Converter {
  convert(previousDeclarations: string, source: string): ConvertResult;
  inspect(previousDeclarations: string, source: string, position: number): TypeScript.QuickInfo | undefined;
  complete(previousDeclarations: string, source: string, position: number): Completion;
  addModule(name: string, content: string, meta?: unknown): Diagnostic[];
  close(): void;
}

export interface Executor {
  execute(source: string): Promise<boolean>;
  inspect(source: string, position: number): TypeScript.QuickInfo | undefined;
  complete(source: string, position: number): Completion;
  interrupt(): void;
  close(): void;
  locals: Record<string, unknown>;
}

/** The argument of `lastWriteDisplayData`. */
export interface TslabDisplayData {
  data: Record<string, string>;
  metadata: Record<string, unknown>;
  transient?: { display_id?: string };
}

export interface TslabModules {
  converter: {
    createConverter(options: { isJS: boolean; isBrowser: boolean }): Converter;
    isCompleteCode(content: string): { completed: boolean; indent?: string };
  };
  executor: {
    createExecutor(
      folder: string,
      converters: { node: Converter; browser: Converter; close(): void },
      console: { log(value: unknown): void; error(first: unknown, ...rest: unknown[]): void },
    ): Executor;
  };
  inspect: { printQuickInfo(info: TypeScript.QuickInfo): string };
  jupyter: { lastWriteDisplayData: ((data: TslabDisplayData, update: boolean) => void) | null };
}

/** The object that the executor passes to every script. */
export interface TslabGlobal {
  exports: object;
  require: NodeJS.Require;
}

const TYPESCRIPT = '@tslab/typescript-for-tslab';

/** Binds a file: finds the scope of each name and the parent of each node. The compiler does this once per file. */
export function bindSourceFile(
  ts: TypeScriptApi,
  file: TypeScript.SourceFile,
  options: TypeScript.CompilerOptions,
): void {
  const internal = ts as unknown as {
    bindSourceFile(file: TypeScript.SourceFile, options: TypeScript.CompilerOptions): void;
  };
  internal.bindSourceFile(file, options);
}

export function tslabFolder(): string {
  return path.dirname(require.resolve('tslab/package.json'));
}

/** tslab's own require function, which finds its dependencies wherever they were installed. */
function tslabRequire(): NodeJS.Require {
  return createRequire(path.join(tslabFolder(), 'package.json'));
}

/** Read without loading the compiler, which takes half a second. */
export function typeScriptVersion(): string {
  return tslabRequire()(`${TYPESCRIPT}/package.json`).version;
}

/** A cache for the compiler's code; compiling it takes a large part of the start-up time. */
export function compilerCache(folder: string): CompilerCache {
  return new CompilerCache(folder, tslabRequire().resolve(TYPESCRIPT), typeScriptVersion());
}

export function loadTypeScript(cache: CompilerCache): TypeScriptApi {
  return cache.during(() => tslabRequire()(TYPESCRIPT));
}

/** Makes tslab use `replacement` as its compiler. Must be called before `loadTslab`. */
export function replaceTypeScript(replacement: TypeScriptApi): void {
  const resolve = tslabRequire();
  const module = resolve.cache[resolve.resolve(TYPESCRIPT)];
  if (module !== undefined) module.exports = replacement;
}

export function loadTslab(): TslabModules {
  return {
    converter: require('tslab/dist/converter'),
    executor: require('tslab/dist/executor'),
    inspect: require('tslab/dist/inspect'),
    jupyter: require('tslab/dist/jupyter'),
  };
}
