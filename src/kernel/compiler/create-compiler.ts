import type { CellCompiler, CompilerParts } from './cell-compiler';
import type { CompilerName } from './names';

/** The compiler of a new session. Each is loaded only when it is used: they need much time and memory. */
export function createCompiler(name: CompilerName, parts: CompilerParts): CellCompiler {
  switch (name) {
    case 'tslab': {
      const { TslabCompiler } = require('../tslab/tslab-compiler') as typeof import('../tslab/tslab-compiler');
      return new TslabCompiler(parts);
    }
    case 'typescript': {
      const { TypeScriptCompiler } =
        require('../typescript/typescript-compiler') as typeof import('../typescript/typescript-compiler');
      return new TypeScriptCompiler(parts);
    }
  }
}
