import type { YamlNode } from '../../yaml/yaml-file';
import { type PreprocessOperator, readDivisors, readTriple } from '../operator';
import { calculate } from '../state';

/** PaddleSeg `Normalize`: ÷ 255, − mean, ÷ std; a single value applies to all channels. */
export const normalize: PreprocessOperator = {
  type: 'Normalize',
  keys: ['mean', 'std'],
  read(node) {
    const mean = readValues(node.get('mean'), readTriple);
    const std = readValues(node.get('std'), readDivisors);
    return {
      type: 'Normalize',
      parameters: { mean, std },
      apply(state) {
        const centred = calculate(calculate(state, 'divide', [255], 'single'), 'subtract', mean, 'double');
        return calculate(centred, 'divide', std, 'double');
      },
    };
  },
};

function readValues(node: YamlNode | undefined, read: (node: YamlNode) => number[]): number[] {
  if (node === undefined) return [0.5, 0.5, 0.5];
  const items = node.list();
  if (items.length !== 1) return read(node);
  const value = (items[0] as YamlNode).number();
  if (value === 0 && read === readDivisors) throw node.expected('numbers other than 0');
  return [value, value, value];
}
