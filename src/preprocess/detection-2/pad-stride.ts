import type { PreprocessOperator } from '../operator';
import { checkOrder } from '../planes';
import { currentSize, type PipelineState, pad, toFloats } from '../state';

/** PaddleDetection 2.x `PadStride`: zeros at the right and bottom, up to multiples of the stride. */
export const padStride: PreprocessOperator = padStrideNamed('PadStride');

/** The same operator under another family's name. */
export function padStrideNamed(type: string): PreprocessOperator {
  return {
    type,
    keys: ['stride'],
    read(node) {
      const stride = node.get('stride')?.integer(-1, 4096) ?? 0;
      return { type, parameters: { stride }, apply: (state) => padToStride(state, stride) };
    },
  };
}

/** In 1.x a stride of 0 crashes the script; here it does not change the image, as in 2.x. */
export function padToStride(state: PipelineState, stride: number): PipelineState {
  if (stride <= 0) return state;
  checkOrder(state, 'PadStride', true);
  const { width, height } = currentSize(state);
  const padded = { width: Math.ceil(width / stride) * stride, height: Math.ceil(height / stride) * stride };
  return pad(toFloats(state), padded, [0, 0, 0]);
}
