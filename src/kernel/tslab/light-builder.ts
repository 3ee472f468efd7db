import type * as TypeScript from '@tslab/typescript-for-tslab';
import { bindSourceFile, type TypeScriptApi } from './internals';

/** The compiler's record of a file with resolved imports. */
type ResolvedFile = TypeScript.SourceFile & {
  resolvedModules?: {
    forEach(callback: (resolution: { resolvedModule?: { resolvedFileName: string } }) => void): void;
  };
};

/**
 * Makes programs without the bookkeeping of an incremental build. tslab asks a builder only for the dependencies of a
 * cell, while the usual builders scan every file of the program for each cell to find what it affects.
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

/** `Program.emit` with its internal last parameter. */
type ForcedEmit = (
  ...args: [...Parameters<TypeScript.Program['emit']>, forceDtsEmit: boolean]
) => TypeScript.EmitResult;

/** The part of the type-to-declaration writer that is needed here; each function takes flags as its third argument. */
type TypeWriters = Record<(typeof typeWriters)[number], (...args: unknown[]) => unknown>;

const typeWriters = [
  'createTypeOfDeclaration',
  'createReturnTypeOfSignatureDeclaration',
  'createTypeOfExpression',
] as const;

/**
 * Keeps declaration errors from failing a cell. Later cells see a cell through its generated declarations. If the type
 * of a value can't be named portably (it is internal to a package), the compiler reports an error, although the
 * generated text is right on this machine.
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

/** Without this flag, a type that can only be named by a path into a package is written as `any`. */
function withPathsIntoPackages(ts: TypeScriptApi, resolver: TypeWriters): TypeWriters {
  const own = { ...resolver };
  for (const name of typeWriters) {
    own[name] = (node, scope, flags, ...rest) =>
      resolver[name](node, scope, Number(flags) | ts.NodeBuilderFlags.AllowNodeModulesRelativePaths, ...rest);
  }
  return own;
}

/**
 * Binds the cell and the declarations before it, because tslab reads their scopes without calling the checker first.
 */
function bindRoots(ts: TypeScriptApi, program: TypeScript.Program): void {
  for (const name of program.getRootFileNames()) {
    const file = program.getSourceFile(name);
    if (file !== undefined) bindSourceFile(ts, file, program.getCompilerOptions());
  }
}

/** A file and its direct and indirect imports; imports of declaration files do not matter to a cell. */
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
