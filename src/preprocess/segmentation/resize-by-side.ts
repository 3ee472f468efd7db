import { maximumSide, type PreprocessOperator } from '../operator';
import { currentSize } from '../state';
import { resizeByScale } from './sizes';

/** PaddleSeg `ResizeByLong`: scales the long side to a length. */
export const resizeByLong: PreprocessOperator = {
  type: 'ResizeByLong',
  keys: ['long_size'],
  read(node) {
    const longSize = node.require('long_size').integer(1, maximumSide);
    return {
      type: 'ResizeByLong',
      parameters: { longSize },
      apply(state) {
        const { width, height } = currentSize(state);
        return resizeByScale(state, longSize / Math.max(width, height));
      },
    };
  },
};

/** PaddleSeg `ResizeByShort`: the short side to a length, unless the long one would exceed `max_size`. */
export const resizeByShort: PreprocessOperator = {
  type: 'ResizeByShort',
  keys: ['short_size', 'max_size'],
  read(node) {
    // In training, a list means a random choice.
    const shortSize = node.require('short_size').integer(1, maximumSide);
    const maxSize = node.get('max_size')?.number(1, 1e10) ?? 1e10;
    return {
      type: 'ResizeByShort',
      parameters: { shortSize, maxSize },
      apply(state) {
        const { width, height } = currentSize(state);
        const [short, long] = [Math.min(width, height), Math.max(width, height)];
        // The script keeps a reduced size for later images; here every image starts from the configured size.
        const shorter = (shortSize / short) * long > maxSize ? Math.trunc((maxSize / long) * short) : shortSize;
        return resizeByScale(state, shorter / short);
      },
    };
  },
};

/** PaddleSeg `LimitLong`: resizes only if the long side is outside the limits. */
export const limitLong: PreprocessOperator = {
  type: 'LimitLong',
  keys: ['max_long', 'min_long'],
  read(node) {
    const maxLong = node.get('max_long')?.integer(1, maximumSide);
    const minLong = node.get('min_long')?.integer(1, maximumSide);
    if (maxLong !== undefined && minLong !== undefined && minLong > maxLong) {
      throw node.require('min_long').expected(`integer of at most max_long (${maxLong})`);
    }
    return {
      type: 'LimitLong',
      parameters: { maxLong, minLong },
      apply(state) {
        const { width, height } = currentSize(state);
        const long = Math.max(width, height);
        const target = Math.max(Math.min(long, maxLong ?? long), minLong ?? 0);
        return target === long ? state : resizeByScale(state, target / long);
      },
    };
  },
};
