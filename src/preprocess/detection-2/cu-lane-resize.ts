import { PaddleLabError } from '../../errors';
import { crop, resizeToSize } from '../geometry';
import { maximumSide, type PreprocessOperator } from '../operator';
import { checkOrder, toPlanes } from '../planes';
import { calculate, currentSize } from '../state';

/**
 * PaddleDetection 2.6+ `CULaneResize`: cuts the sky off and resizes. The script skips the resizing at random; here it
 * is always done.
 */
export const cuLaneResize: PreprocessOperator = {
  type: 'CULaneResize',
  keys: ['img_h', 'img_w', 'cut_height', 'prob'],
  read(node) {
    const height = node.require('img_h').integer(1, maximumSide);
    const width = node.require('img_w').integer(1, maximumSide);
    const cut = node.require('cut_height').integer(0, maximumSide);
    return {
      type: 'CULaneResize',
      parameters: { width, height, cut },
      apply(state) {
        checkOrder(state, 'CULaneResize', false);
        const size = currentSize(state);
        if (size.height <= cut) {
          throw new PaddleLabError('CONFIG_INVALID', `Expected an image higher than ${cut} for CULaneResize`);
        }
        const lower = crop(state, { left: 0, top: cut, width: size.width, height: size.height - cut });
        return toPlanes(calculate(resizeToSize(lower, width, height, 1), 'divide', [255], 'single'));
      },
    };
  },
};
