import { padToStride } from '../detection-2/pad-stride';
import type { PreprocessOperator } from '../operator';
import { currentSize, type PipelineState } from '../state';

/** PaddleDetection 1.x `PadStride`: as in 2.x; the padded size is also passed to the network. */
export const padStride: PreprocessOperator = {
  type: 'PadStride',
  keys: ['stride'],
  read(node) {
    const stride = node.get('stride')?.integer(-1, 4096) ?? 0;
    return { type: 'PadStride', parameters: { stride }, apply: (state) => applyPadStride(state, stride) };
  },
};

function applyPadStride(state: PipelineState, stride: number): PipelineState {
  const padded = padToStride(state, stride);
  const { width, height } = currentSize(padded);
  return stride > 0 ? { ...padded, padShape: [height, width] } : padded;
}
