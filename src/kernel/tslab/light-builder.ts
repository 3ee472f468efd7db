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
    declareAnyway(ts, builder);
    return builder;
  }) as typeof ts.createAbstractBuilder;
}

/** `Program.emit` with the last parameter that the compiler has for itself. */
type ForcedEmit = (
  ...args: [...Parameters<TypeScript.Program['emit']>, forceDtsEmit: boolean]
) => TypeScript.EmitResult;

/** What writes types down for declarations, as far as it is needed here; each takes flags as its third argument. */
type TypeWriters = Record<(typeof typeWriters)[number], (...args: unknown[]) => unknown>;

const typeWriters = [
  'createTypeOfDeclaration',
  'createReturnTypeOfSignatureDeclaration',
  'createTypeOfExpression',
] as const;

/**
 * Lets no declaration fail a cell. Later cells see a cell by its declarations, which nobody asked for: where the type of a
 * value can't be named portably (it lives inside a package), the compiler refuses them, although what it writes is right
 * on this machine.
 */
function declareAnyway(ts: TypeScriptApi, builder: TypeScript.BuilderProgram): void {
  const program = builder.getProgram();
  const checker = program.getTypeChecker() as unknown as { getEmitResolver(...args: unknown[]): TypeWriters };
  const { getEmitResolver } = checker;
  checker.getEmitResolver = (...args) => withPathsIntoPackages(ts, getEmitResolver(...args));
  program.getDeclarationDiagnostics = () => [];
  const emit = program.emit.bind(program) as ForcedEmit;
  builder.emit = (file, write, token, onlyDeclarations, transformers) =>
    emit(file, write, token, onlyDeclarations, transformers, true);
}

/** Without this flag a type that only a path into a package can name is written as `any`. */
function withPathsIntoPackages(ts: TypeScriptApi, resolver: TypeWriters): TypeWriters {
  const own = { ...resolver };
  for (const name of typeWriters) {
    own[name] = (node, scope, flags, ...rest) =>
      resolver[name](node, scope, Number(flags) | ts.NodeBuilderFlags.AllowNodeModulesRelativePaths, ...rest);
  }
  return own;
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
