import { PaddleLabError } from '../../errors';
import { typeScriptVersion } from '../tslab/internals';

/** The compilers of cells: tslab's, and the published TypeScript. */
export type CompilerName = 'tslab' | 'typescript';

const NAMES: readonly CompilerName[] = ['tslab', 'typescript'];

/** The version of its TypeScript, read without loading it. */
export function compilerVersion(name: CompilerName): string {
  return name === 'tslab' ? typeScriptVersion() : require('typescript-7/package.json').version;
}

/** @throws PaddleLabError INVALID_ARGUMENT */
export function chosenCompiler(): CompilerName {
  const wanted = process.env.PADDLELAB_COMPILER ?? 'tslab';
  const name = NAMES.find((each) => each === wanted);
  if (name !== undefined) return name;
  const message = `Expected ${NAMES.join(' or ')} for PADDLELAB_COMPILER but received ${JSON.stringify(wanted)} (string)`;
  throw new PaddleLabError('INVALID_ARGUMENT', message);
}
