import { type PreprocessOperator, readName } from '../operator';
import { toPlanes } from '../planes';
import { reorder } from '../state';

/** PaddleOCR's `DecodeImage`: images are already decoded, as RGB; BGR, the default, is converted from that. */
export const decodeImage: PreprocessOperator = {
  type: 'DecodeImage',
  keys: ['img_mode', 'channel_first', 'ignore_orientation'],
  read(node) {
    const mode = readName(node.get('img_mode'), ['BGR', 'RGB'], 'BGR');
    const channelFirst = node.get('channel_first')?.boolean() ?? false;
    return {
      type: 'DecodeImage',
      parameters: { mode, channelFirst },
      apply(state) {
        const ordered = mode === 'RGB' ? state : reorder(state, [2, 1, 0]);
        return channelFirst ? toPlanes(ordered) : ordered;
      },
    };
  },
};
