import { resizeToSize } from '../geometry';
import { maximumSide, type PreprocessOperator } from '../operator';
import { checkOrder } from '../planes';
import { rint } from '../rounding';
import { currentSize, pad } from '../state';

/** PaddleOCR's `ResizeTableImage`, as PaddleX runs it: the longer side gets the given length. */
export const resizeTableImage: PreprocessOperator = {
  type: 'ResizeTableImage',
  keys: ['max_len', 'resize_bboxes', 'infer_mode'],
  read(node) {
    const longest = node.get('max_len')?.integer(1, maximumSide) ?? 488;
    return {
      type: 'ResizeTableImage',
      parameters: { longest },
      apply(state) {
        checkOrder(state, 'ResizeTableImage', false);
        const { width, height } = currentSize(state);
        const scale = longest / Math.max(width, height);
        const side = (length: number): number => Math.max(1, rint(length * scale));
        return resizeToSize(state, side(width), side(height), 1);
      },
    };
  },
};

/** PaddleOCR's `PaddingTableImage`, as PaddleX runs it: a square, with zeros at the right and bottom. */
export const paddingTableImage: PreprocessOperator = {
  type: 'PaddingTableImage',
  keys: ['size', 'pad_value'],
  read(node) {
    const [side, ...rest] = node.get('size')?.list() ?? [];
    if (rest.length > 1) throw node.require('size').expected('[height, width]');
    const length = side?.integer(1, maximumSide) ?? 488;
    const value = node.get('pad_value')?.number() ?? 0;
    return {
      type: 'PaddingTableImage',
      parameters: { side: length, ...(value !== 0 && { value }) },
      apply(state) {
        const { width, height } = currentSize(state);
        if (width > length || height > length) {
          throw node.error(`Expected an image of at most ${length}×${length} pixels but received ${width}×${height}`);
        }
        return pad(state, { width: length, height: length }, [value, value, value]);
      },
    };
  },
};
