import type { PreprocessOperator } from '../operator';
import { toPlanes } from '../planes';
import { reorder } from '../state';

/** PaddleClas `DecodeImage`: images are already decoded, as RGB; other channel orders are converted from that. */
export const decodeImage: PreprocessOperator = {
  type: 'DecodeImage',
  keys: ['to_rgb', 'to_np', 'channel_first', 'backend'],
  read(node) {
    const toRgb = node.get('to_rgb')?.boolean() ?? true;
    const channelFirst = node.get('channel_first')?.boolean() ?? false;
    return {
      type: 'DecodeImage',
      parameters: { toRgb, channelFirst },
      apply(state) {
        const ordered = toRgb ? state : reorder(state, [2, 1, 0]);
        return channelFirst ? toPlanes(ordered) : ordered;
      },
    };
  },
};
