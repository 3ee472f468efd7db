import path from 'node:path';
import type * as TypeScript from '@tslab/typescript-for-tslab';
import { packageRoot } from '../../package-root';
import { loadTypeScript, replaceTypeScript, type TypeScriptApi, tslabFolder } from './internals';
import { FALLBACK_TYPES, type PackageFallback } from './package-fallback';
import { preferRequire } from './require-condition';
import { type CreateProgram, expandShorthand } from './shorthand';
import type { SourceMaps } from './source-maps';

export const OWN_NAME = 'paddlelab';

/**
 * Gives tslab a compiler that is set up our way, and returns the compiler itself.
 *
 * tslab fixes its options in a call of `createWatchCompilerHost`, so that is where they are changed. Must run before
 * any module of tslab is loaded.
 */
export function patchTypeScript(maps: SourceMaps, fallback: PackageFallback): TypeScriptApi {
  const ts = loadTypeScript();
  const createHost = ts.createWatchCompilerHost as (...args: unknown[]) => unknown;
  const createWatchCompilerHost = (
    rootFiles: string[],
    options: TypeScript.CompilerOptions,
    system: TypeScript.System,
    ...rest: unknown[]
  ): unknown => {
    const typeRoots = findTypeRoots(options.typeRoots ?? [], system);
    fallback.addTo(system);
    preferRequire(system);
    // tslab leaves the kind of program to the compiler: this is the one that it takes.
    const [, ...others] = rest;
    const program = expandShorthand(ts, ts.createEmitAndSemanticDiagnosticsBuilderProgram as CreateProgram);
    return createHost(rootFiles, { ...options, ...ourOptions(ts), typeRoots }, system, program, ...others);
  };
  replaceTypeScript({
    ...ts,
    createWatchCompilerHost: createWatchCompilerHost as TypeScriptApi['createWatchCompilerHost'],
    transpileModule: maps.wrapTranspile(ts.transpileModule),
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
    inlineSourceMap: true,
  };
}

/** tslab's own folder of types is not where it thinks when it is a dependency; ours has the types of Node always. */
function findTypeRoots(roots: readonly string[], system: TypeScript.System): string[] {
  const tslab = tslabFolder();
  const own = roots.filter((root) => !root.startsWith(tslab));
  const hasNode = own.some((root) => system.fileExists(path.join(root, 'node/package.json')));
  return hasNode ? own : [...own, FALLBACK_TYPES];
}
