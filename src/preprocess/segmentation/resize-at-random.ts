import { maximumSide, type PreprocessOperator } from '../operator';
import { currentSize } from '../state';
import { resizeByScale } from './sizes';

/**
 * PaddleSeg `ResizeRangeScaling`, which draws the long side at random from a range; only a range of one value is
 * supported.
 */
export const resizeRangeScaling: PreprocessOperator = {
  type: 'ResizeRangeScaling',
  keys: ['min_value', 'max_value'],
  read(node) {
    const minimum = node.get('min_value')?.integer(1, maximumSide) ?? 400;
    const maximum = node.get('max_value')?.integer(1, maximumSide) ?? 600;
    if (minimum !== maximum) throw node.expected('min_value equal to max_value, since others are drawn at random,');
    return {
      type: 'ResizeRangeScaling',
      parameters: { longSize: minimum },
      apply(state) {
        const { width, height } = currentSize(state);
        return resizeByScale(state, minimum / Math.max(width, height));
      },
    };
  },
};

/** PaddleSeg `ResizeStepScaling`, which draws a random factor; only a range of one value is supported. */
export const resizeStepScaling: PreprocessOperator = {
  type: 'ResizeStepScaling',
  keys: ['min_scale_factor', 'max_scale_factor', 'scale_step_size'],
  read(node) {
    const minimum = node.get('min_scale_factor')?.number(0.01, 100) ?? 0.75;
    const maximum = node.get('max_scale_factor')?.number(0.01, 100) ?? 1.25;
    if (minimum !== maximum) {
      throw node.expected('min_scale_factor equal to max_scale_factor, since others are drawn at random,');
    }
    return {
      type: 'ResizeStepScaling',
      parameters: { factor: minimum },
      apply: (state) => resizeByScale(state, minimum),
    };
  },
};
