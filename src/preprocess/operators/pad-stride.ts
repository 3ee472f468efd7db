import type { PreprocessOperator } from '../operator';
import { currentSize } from '../pipeline';

/** PaddleDetection 2.x `PadStride`: zeros at the right and bottom, up to multiples of the stride. */
export const padStride: PreprocessOperator = {
  type: 'PadStride',
  keys: ['stride'],
  read(node) {
    const stride = node.get('stride')?.integer(-1, 4096) ?? 0;
    return {
      type: 'PadStride',
      parameters: { stride },
      apply(state) {
        if (stride <= 0) return state;
        const { width, height } = currentSize(state);
        const padded = { width: Math.ceil(width / stride) * stride, height: Math.ceil(height / stride) * stride };
        return { ...state, canvas: { ...padded, left: 0, top: 0, fill: [0, 0, 0] } };
      },
    };
  },
};
