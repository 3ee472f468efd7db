import path from 'node:path';
import type * as TypeScript from '@tslab/typescript-for-tslab';
import { packageRoot } from '../../package-root';
import { OWN_NAME } from '../own-name';
import type { CompilerCache } from './compiler-cache';
import type { FileWatch } from './file-watch';
import { loadTypeScript, replaceTypeScript, type TypeScriptApi, tslabFolder } from './internals';
import { lightBuilder } from './light-builder';
import { FALLBACK_TYPES, type PackageFallback } from './package-fallback';
import { preferRequire } from './require-condition';
import type { CellCompiler, SourceMaps } from './source-maps';

/** Library declarations for features that Node has and the compiler's own library lacks. */
const ES2023_TYPES = path.join(packageRoot(), 'kernels/types/es2023.d.ts');

export interface PatchParts {
  cache: CompilerCache;
  maps: SourceMaps;
  fallback: PackageFallback;
  watch: FileWatch;
  compileCell: CellCompiler;
}

/**
 * Gives tslab a compiler with our options, and returns the compiler.
 *
 * tslab sets its options in a call of `createWatchCompilerHost`, so they are changed there. Must run before any module
 * of tslab is loaded.
 */
export function patchTypeScript({ cache, maps, fallback, watch, compileCell }: PatchParts): TypeScriptApi {
  const ts = loadTypeScript(cache);
  const createHost = ts.createWatchCompilerHost as (...args: unknown[]) => unknown;
  const createWatchCompilerHost = (
    rootFiles: string[],
    options: TypeScript.CompilerOptions,
    system: TypeScript.System,
    _createProgram: unknown,
    ...rest: unknown[]
  ): unknown => {
    const typeRoots = findTypeRoots(options.typeRoots ?? [], system);
    fallback.addTo(system);
    preferRequire(system);
    return createHost(
      [...rootFiles, ES2023_TYPES],
      { ...options, ...ourOptions(ts), typeRoots },
      system,
      lightBuilder(ts),
      ...rest,
    );
  };
  const sys = { ...ts.sys };
  watch.addTo(sys);
  replaceTypeScript({
    ...ts,
    sys,
    createWatchCompilerHost: createWatchCompilerHost as TypeScriptApi['createWatchCompilerHost'],
    transpileModule: maps.wrapTranspile(ts.transpileModule, compileCell),
  });
  return ts;
}

function ourOptions(ts: TypeScriptApi): TypeScript.CompilerOptions {
  return {
    // An option of tslab's fork: with it, the compiler parses `await (…)` at the top level as a call.
    disableTopLevelAwait: false,
    target: ts.ScriptTarget.ES2022,
    lib: ['lib.es2023.d.ts'],
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    allowImportingTsExtensions: true,
    paths: {
      [OWN_NAME]: [path.join(packageRoot(), 'dist/index.d.ts')],
      [`${OWN_NAME}/*`]: [path.join(packageRoot(), '*')],
    },
    strictNullChecks: asksForNullChecks(ts),
    inlineSourceMap: true,
  };
}

/**
 * Whether the tsconfig.json beside the notebook enables null checks. Off by default: values in cells are seldom
 * undefined, and `result.detections!` in each line would only be noise. Some packages' types (arktype, zod) need them.
 */
function asksForNullChecks(ts: TypeScriptApi): boolean {
  const file = path.resolve('tsconfig.json');
  if (!ts.sys.fileExists(file)) return false;
  const { config } = ts.readConfigFile(file, ts.sys.readFile);
  // Reads the options only: listing the included files would scan the whole folder.
  const host = { ...ts.sys, readDirectory: () => [] };
  const { options } = ts.parseJsonConfigFileContent(config ?? {}, host, path.dirname(file));
  return options.strictNullChecks ?? options.strict ?? false;
}

/** As a dependency, tslab does not find its own types folder; ours always has Node's types. */
function findTypeRoots(roots: readonly string[], system: TypeScript.System): string[] {
  const tslab = tslabFolder();
  const own = roots.filter((root) => !root.startsWith(tslab));
  const hasNode = own.some((root) => system.fileExists(path.join(root, 'node/package.json')));
  return hasNode ? own : [...own, FALLBACK_TYPES];
}
