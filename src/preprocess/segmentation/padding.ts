import { type PreprocessOperator, readPair } from '../operator';
import { currentSize } from '../state';
import { padTo } from './sizes';

/** PaddleSeg `Padding`: to `[width, height]`, at the right and bottom. */
export const padding: PreprocessOperator = {
  type: 'Padding',
  keys: ['target_size', 'im_padding_value', 'label_padding_value'],
  read(node) {
    const [width, height] = readPair(node.require('target_size'), '[width, height]');
    const fill = node.get('im_padding_value')?.number() ?? 127.5;
    return {
      type: 'Padding',
      parameters: { width, height, fill },
      apply: (state) => padTo(state, 'Padding', width, height, fill),
    };
  },
};

/** PaddleSeg `PaddingByAspectRatio`: to a ratio of width to height. */
export const paddingByAspectRatio: PreprocessOperator = {
  type: 'PaddingByAspectRatio',
  keys: ['aspect_ratio', 'im_padding_value', 'label_padding_value'],
  read(node) {
    const aspectRatio = node.get('aspect_ratio')?.number(0.01, 100) ?? 1;
    const fill = node.get('im_padding_value')?.number() ?? 127.5;
    return {
      type: 'PaddingByAspectRatio',
      parameters: { aspectRatio, fill },
      apply(state) {
        const { width, height } = currentSize(state);
        const ratio = width / height;
        if (ratio === aspectRatio) return state;
        const [w, h] =
          ratio > aspectRatio ? [width, Math.trunc(width / aspectRatio)] : [Math.trunc(height * aspectRatio), height];
        return padTo(state, 'PaddingByAspectRatio', w, h, fill);
      },
    };
  },
};
