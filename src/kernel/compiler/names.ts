import { checkOneOf } from '../../validate';
import { typeScriptVersion } from '../tslab/internals';

/** The compilers of cells: the published TypeScript, and tslab's. */
export const COMPILER_NAMES = ['typescript', 'tslab'] as const;

export type CompilerName = (typeof COMPILER_NAMES)[number];

/** @throws PaddleLabError INVALID_ARGUMENT */
export function checkCompiler(label: string, value: string): CompilerName {
  return checkOneOf(label, value, COMPILER_NAMES);
}

/**
 * The compiler of new sessions.
 *
 * @throws PaddleLabError INVALID_ARGUMENT
 */
export function chosenCompiler(): CompilerName {
  return checkCompiler('PADDLELAB_COMPILER', process.env.PADDLELAB_COMPILER ?? 'typescript');
}

/** The version of its TypeScript, read without loading it. */
export function compilerVersion(name: CompilerName): string {
  switch (name) {
    case 'tslab':
      return typeScriptVersion();
    case 'typescript':
      return require('typescript-7/package.json').version;
  }
}
