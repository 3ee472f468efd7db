import { PaddleLabError } from '../../errors';
import { crop } from '../geometry';
import { type PreprocessOperator, readSize } from '../operator';
import { checkOrder } from '../planes';
import { currentSize } from '../state';

/** PaddleClas `CropImage`: the centre, `[width, height]`. */
export const cropImage: PreprocessOperator = {
  type: 'CropImage',
  keys: ['size'],
  read(node) {
    const [width, height] = readSize(node.require('size'), '[width, height]');
    return {
      type: 'CropImage',
      parameters: { width, height },
      apply(state) {
        checkOrder(state, 'CropImage', false);
        const from = currentSize(state);
        const left = Math.floor((from.width - width) / 2);
        const top = Math.floor((from.height - height) / 2);
        if (left < 0 || top < 0) {
          throw new PaddleLabError(
            'CONFIG_INVALID',
            `Expected an image of at least ${width}×${height} for CropImage but received ${from.width}×${from.height}`,
          );
        }
        return crop(state, { left, top, width, height });
      },
    };
  },
};
