import { TslabCompiler } from '../tslab/tslab-compiler';
import type { CellCompiler, CompilerParts } from './cell-compiler';

/** The compiler of a new session. */
export function createCompiler(parts: CompilerParts): CellCompiler {
  return new TslabCompiler(parts);
}
