import { type PreprocessOperator, readDivisors, readTriple } from '../operator';
import { checkOrder } from '../planes';
import { calculate, toFloats } from '../state';

/** PaddleDetection 1.x `Normalize`: ÷ 255, − mean, ÷ std. */
export const normalize: PreprocessOperator = {
  type: 'Normalize',
  keys: ['mean', 'std', 'is_scale', 'is_channel_first'],
  read(node) {
    const mean = readTriple(node.require('mean'));
    const std = readDivisors(node.require('std'));
    const isScale = node.get('is_scale')?.boolean() ?? true;
    const channelFirst = node.get('is_channel_first')?.boolean() ?? false;
    return {
      type: 'Normalize',
      parameters: { mean, std, isScale, channelFirst },
      apply(state) {
        checkOrder(state, 'Normalize', channelFirst);
        const scaled = isScale ? calculate(state, 'divide', [255], 'single') : toFloats(state);
        return calculate(calculate(scaled, 'subtract', mean, 'double'), 'divide', std, 'double');
      },
    };
  },
};
