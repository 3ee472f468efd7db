import path from 'node:path';
import ts from 'typescript';
import { projectRoot } from './project';

/** The settings of a careful user's project of ES modules. */
const script: ts.CompilerOptions = {
  strict: true,
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  moduleDetection: ts.ModuleDetectionKind.Force,
  target: ts.ScriptTarget.ES2022,
  lib: ['lib.es2022.d.ts'],
  types: ['node'],
  typeRoots: [path.join(projectRoot, 'node_modules/@types')],
  skipLibCheck: true,
};

/** Cells are not checked strictly. */
const settings = { script, cell: { ...script, strict: false } } as const;

/**
 * Compiles files with the ending .mts, each to a file beside it with the ending .mjs.
 *
 * @returns the compiler's errors, as `file:line: message`
 */
export function compileFiles(files: readonly string[], kind: keyof typeof settings): string[] {
  const program = ts.createProgram({ rootNames: files, options: settings[kind] });
  program.emit();
  return ts.getPreEmitDiagnostics(program).map(({ file, start = 0, messageText }) => {
    const line = file === undefined ? 0 : file.getLineAndCharacterOfPosition(start).line + 1;
    return `${file?.fileName ?? ''}:${line}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
  });
}
