import type * as PaddleLab from '../index';
import { OWN_NAME } from './tslab/typescript-patch';

type Helper = 'loadModel' | 'predict' | 'visualize' | 'compareBackends' | 'paddle';

function fromPackage(name: Helper): () => unknown {
  return () => (require('../index') as typeof PaddleLab)[name];
}

/** What every notebook has in scope. A cell may declare the same names anew. */
export const HELPERS: Record<Helper, () => unknown> = {
  loadModel: fromPackage('loadModel'),
  predict: fromPackage('predict'),
  visualize: fromPackage('visualize'),
  compareBackends: fromPackage('compareBackends'),
  paddle: fromPackage('paddle'),
};

export const HELPER_NAMES = Object.keys(HELPERS) as Helper[];

/** What declares helpers to the compiler. */
export function importHelpers(names: readonly string[]): string {
  return `import { ${names.join(', ')} } from '${OWN_NAME}';`;
}
