import type { PreprocessOperator } from '../operator';

/** PaddleDetection 2.x `Permute`: rows of pixels to planes. The last pass writes planes anyway. */
export const permute: PreprocessOperator = {
  type: 'Permute',
  keys: [],
  read: () => ({ type: 'Permute', parameters: {}, apply: (state) => state }),
};
