import { PaddleLabError } from '../../errors';
import type { PreprocessOperator } from '../operator';
import { toPlanes } from '../planes';
import { type PipelineState, reorder } from '../state';

/** PaddleDetection 1.x `Permute`: to planes, and to BGR order for networks ported from Caffe. */
export const permute: PreprocessOperator = {
  type: 'Permute',
  keys: ['to_bgr', 'channel_first'],
  read(node) {
    const toBgr = node.get('to_bgr')?.boolean() ?? false;
    const channelFirst = node.get('channel_first')?.boolean() ?? true;
    return {
      type: 'Permute',
      parameters: { toBgr, channelFirst },
      apply: (state) => applyPermute(channelFirst ? toPlanes(state) : state, toBgr),
    };
  },
};

function applyPermute(state: PipelineState, toBgr: boolean): PipelineState {
  if (!toBgr) return state;
  if (!state.planes) {
    // The script would keep only three rows of the image.
    throw new PaddleLabError('CONFIG_INVALID', 'Expected channel_first: true for Permute where to_bgr is true');
  }
  return reorder(state, [2, 1, 0]);
}
