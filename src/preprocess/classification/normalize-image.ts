import type { YamlNode } from '../../yaml/yaml-file';
import { type PreprocessOperator, readDivisors, readTriple } from '../operator';
import { checkOrder } from '../planes';
import { calculate, type PipelineState, reorder } from '../state';

interface Parameters {
  readonly scale: number;
  readonly mean: readonly number[];
  readonly std: readonly number[];
  readonly order: 'chw' | 'hwc';
  readonly channels: 3 | 4;
}

/** PaddleClas `NormalizeImage`: (x · scale − mean) ÷ std, computed in float32. */
export const normalizeImage: PreprocessOperator = {
  type: 'NormalizeImage',
  keys: ['scale', 'mean', 'std', 'order', 'output_fp16', 'channel_num'],
  read(node) {
    const mean = node.get('mean');
    const std = node.get('std');
    const parameters: Parameters = {
      scale: readScale(node.get('scale')),
      mean: mean === undefined ? [0.485, 0.456, 0.406] : readTriple(mean),
      std: std === undefined ? [0.229, 0.224, 0.225] : readDivisors(std),
      order: (node.get('order')?.string() ?? 'chw') === 'chw' ? 'chw' : 'hwc',
      channels: readChannels(node.get('channel_num')),
    };
    // The tensor is converted to float16 when it is fed, because such a network declares float16.
    const outputFp16 = node.get('output_fp16')?.boolean() ?? false;
    return {
      type: 'NormalizeImage',
      parameters: { ...parameters, ...(outputFp16 && { outputFp16 }) },
      apply: (state) => applyNormalize(state, parameters),
    };
  },
};

/** A number, or a quotient as a string: the scripts evaluate `1.0/255.0`. */
export function readScale(node: YamlNode | undefined): number {
  if (node === undefined) return 1 / 255;
  if (typeof node.value !== 'string') return node.number();
  const found = /^\s*(\d+\.?\d*)\s*\/\s*(\d+\.?\d*)\s*$/.exec(node.value);
  const scale = found === null ? Number(node.value) : Number(found[1]) / Number(found[2]);
  if (!Number.isFinite(scale) || node.value.trim() === '')
    throw node.expected('number or quotient such as "1.0/255.0"');
  return scale;
}

function readChannels(node: YamlNode | undefined): 3 | 4 {
  const channels = node?.integer(3, 4) ?? 3;
  return channels === 4 ? 4 : 3;
}

function applyNormalize(state: PipelineState, { scale, mean, std, order, channels }: Parameters): PipelineState {
  checkOrder(state, `NormalizeImage with order "${order}"`, order === 'chw');
  const scaled = calculate(state, 'multiply', [scale], 'single');
  const centred = calculate(scaled, 'subtract', mean, 'single');
  const divided = calculate(centred, 'divide', std, 'single');
  return channels === 4 ? reorder(divided, [0, 1, 2, -1]) : divided;
}
