import type * as TypeScript from '@tslab/typescript-for-tslab';
import { bindSourceFile, type TypeScriptApi } from './internals';

/** What the compiler knows of a file after it has resolved its imports. */
type ResolvedFile = TypeScript.SourceFile & {
  resolvedModules?: {
    forEach(callback: (resolution: { resolvedModule?: { resolvedFileName: string } }) => void): void;
  };
};

/**
 * Makes programs without the bookkeeping of an incremental build. tslab asks a builder only for the dependencies of a
 * cell, while the usual builders look through every file of the program for each cell, to know what it affects.
 */
export function lightBuilder(ts: TypeScriptApi): typeof ts.createAbstractBuilder {
  return ((...args: Parameters<typeof ts.createAbstractBuilder>) => {
    const builder = ts.createAbstractBuilder(...args);
    bindRoots(ts, builder.getProgram());
    builder.getAllDependencies = (file) => dependencies(builder.getProgram(), file);
    return builder;
  }) as typeof ts.createAbstractBuilder;
}

/** Finds the scopes of the cell and of the declarations before it, which tslab reads without asking the checker first. */
function bindRoots(ts: TypeScriptApi, program: TypeScript.Program): void {
  for (const name of program.getRootFileNames()) {
    const file = program.getSourceFile(name);
    if (file !== undefined) bindSourceFile(ts, file, program.getCompilerOptions());
  }
}

/** A file, and what it imports, directly or not; what declarations import is none of a cell's business. */
function dependencies(program: TypeScript.Program, from: TypeScript.SourceFile): string[] {
  const found = new Set<string>();
  const waiting = [from];
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (found.has(file.fileName)) continue;
    found.add(file.fileName);
    if (file.isDeclarationFile) continue;
    (file as ResolvedFile).resolvedModules?.forEach(({ resolvedModule }) => {
      const next = resolvedModule && program.getSourceFile(resolvedModule.resolvedFileName);
      if (next !== undefined) waiting.push(next);
    });
  }
  return [...found];
}
