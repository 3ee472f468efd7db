import path from 'node:path';
import ts from 'typescript';
import type { Block } from './examples';
import { projectRoot } from './project';

/** The settings of a careful user's project of ES modules. */
const settings: ts.CompilerOptions = {
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

/** A block that was written to a file. */
export interface WrittenBlock extends Block {
  /** With the ending .mts. */
  readonly source: string;
}

/** The script that a block is compiled to. */
export function scriptOf({ source }: WrittenBlock): string {
  return source.replace(/\.mts$/, '.mjs');
}

/**
 * Compiles blocks beside their sources, each as a file of its own.
 *
 * @returns the compiler's errors, each with its place in the page
 */
export function compileBlocks(blocks: readonly WrittenBlock[]): string[] {
  const program = ts.createProgram({ rootNames: blocks.map(({ source }) => source), options: settings });
  program.emit();
  return ts.getPreEmitDiagnostics(program).map(({ file, start = 0, messageText }) => {
    const text = ts.flattenDiagnosticMessageText(messageText, '\n');
    const block = blocks.find(({ source }) => source === file?.fileName);
    if (file === undefined || block === undefined) return `${file?.fileName ?? ''}: ${text}`;
    return `${block.file}:${block.line + file.getLineAndCharacterOfPosition(start).line}: ${text}`;
  });
}
