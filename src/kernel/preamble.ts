import { OWN_NAME } from './tslab/typescript-patch';

/** What every notebook has in scope from its first cell on. A cell may declare the same names anew. */
export const PREAMBLE = `import { loadModel, predict, visualize, compareBackends, paddle } from '${OWN_NAME}';`;
