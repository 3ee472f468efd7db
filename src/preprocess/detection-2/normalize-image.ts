import { type PreprocessOperator, readDivisors, readName, readTriple } from '../operator';
import { checkOrder } from '../planes';
import { calculate, type PipelineState, toFloats } from '../state';

interface Parameters {
  readonly mean: readonly number[];
  readonly std: readonly number[];
  readonly isScale: boolean;
  readonly normType: 'mean_std' | 'none';
}

/**
 * PaddleDetection 2.5+ `NormalizeImage`: × 1/255, − mean, ÷ std, each step computed in double and stored as float32.
 */
export const normalizeImage: PreprocessOperator = normalizeNamed('NormalizeImage');

/** The same operator under another family's name. */
export function normalizeNamed(type: string): PreprocessOperator {
  return {
    type,
    keys: ['mean', 'std', 'is_scale', 'norm_type'],
    read(node) {
      const parameters: Parameters = {
        mean: readTriple(node.require('mean')),
        std: readDivisors(node.require('std')),
        isScale: node.get('is_scale')?.boolean() ?? true,
        normType: readName(node.get('norm_type'), ['mean_std', 'none'], 'mean_std'),
      };
      return { type, parameters: { ...parameters }, apply: (state) => applyNormalize(state, parameters) };
    },
  };
}

function applyNormalize(state: PipelineState, { mean, std, isScale, normType }: Parameters): PipelineState {
  checkOrder(state, 'NormalizeImage', false);
  const scaled = isScale ? calculate(state, 'multiply', [1 / 255], 'single') : toFloats(state);
  if (normType === 'none') return scaled;
  return calculate(calculate(scaled, 'subtract', mean, 'double'), 'divide', std, 'double');
}
