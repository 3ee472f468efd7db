import { resizeByFactors } from '../geometry';
import { maximumSide, type PreprocessOperator, readInterpolation, readName } from '../operator';
import { checkOrder } from '../planes';
import { rint } from '../rounding';
import { currentSize } from '../state';

/** PaddleDetection 2.x `Resize_Mult32`: scales to a limit for one side, then to multiples of 32. */
export const resizeMult32: PreprocessOperator = {
  type: 'Resize_Mult32',
  keys: ['limit_side_len', 'limit_type', 'interp'],
  read(node) {
    const limit = node.require('limit_side_len').integer(1, maximumSide);
    const limitType = readName(node.get('limit_type'), ['max', 'min', 'resize_long'], 'max');
    const interpolation = readInterpolation(node.get('interp'));
    return {
      type: 'Resize_Mult32',
      parameters: { limit, limitType, interpolation },
      apply(state) {
        checkOrder(state, 'Resize_Mult32', false);
        const { width: w, height: h } = currentSize(state);
        const ratio = limit / (limitType === 'min' ? Math.min(w, h) : Math.max(w, h));
        const side = (length: number) => Math.max(rint(Math.trunc(length * ratio) / 32) * 32, 32);
        const [width, height] = [side(w), side(h)];
        return {
          ...resizeByFactors(state, { width, height }, { x: width / w, y: height / h }, interpolation),
          imShape: [height, width],
          scaleFactor: [height / h, width / w],
        };
      },
    };
  },
};
