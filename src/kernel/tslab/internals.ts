import { createRequire } from 'node:module';
import path from 'node:path';
import type * as TypeScript from '@tslab/typescript-for-tslab';
import type { Diagnostic } from '../compiler/cell-compiler';
import { CompilerCache } from './compiler-cache';

// tslab declares only its display helpers as public. Everything in this file uses internals of its compiler,
// which is safe because package.json pins the exact version; test/kernel/seams.test.ts has one test for each.

export type TypeScriptApi = typeof TypeScript;

export interface ConvertResult {
  output?: string;
  declOutput?: string;
  diagnostics: Diagnostic[];
  hasToplevelAwait?: boolean;
  lastExpressionVar?: string;
  sideOutputs?: { path: string; data: string }[];
}

export interface TslabCompletion {
  start: number;
  end: number;
  candidates: string[];
  original?: { entries?: { name: string; kind: string }[] };
}

export interface Converter {
  convert(previousDeclarations: string, source: string): ConvertResult;
  inspect(previousDeclarations: string, source: string, position: number): TypeScript.QuickInfo | undefined;
  complete(previousDeclarations: string, source: string, position: number): TslabCompletion;
  addModule(name: string, content: string, meta?: CodeMetadata): Diagnostic[];
  close(): void;
}

/** The options in a cell's leading JSDoc comments. */
export interface CodeMetadata {
  /** The name of a module that the cell defines. */
  module?: string;
  mode?: 'node' | 'browser';
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
  metadata: { getCodeMetadata(source: string): CodeMetadata };
  inspect: { printQuickInfo(info: TypeScript.QuickInfo): string };
}

/** The part of tslab's server that its displays use. */
export interface TslabDisplayTarget {
  lastWriteDisplayData: ((data: TslabDisplayData, update: boolean) => void) | null;
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
    metadata: require('tslab/dist/metadata'),
    inspect: require('tslab/dist/inspect'),
  };
}

export function loadTslabDisplay(): TslabDisplayTarget {
  return require('tslab/dist/jupyter');
}
