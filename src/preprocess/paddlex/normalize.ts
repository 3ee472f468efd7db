import type { YamlNode } from '../../yaml/yaml-file';
import { readScale } from '../classification/normalize-image';
import { type PreprocessOperator, readDivisors, readName, readTriple } from '../operator';
import { checkOrder } from '../planes';
import { calculate, type PipelineState } from '../state';

interface Parameters {
  readonly scale: number;
  readonly mean: readonly number[];
  readonly std: readonly number[];
}

/** PaddleX computes x · (scale ÷ std) − mean ÷ std, with both constants computed in double and applied in float32. */
function applyNormalize(state: PipelineState, type: string, { scale, mean, std }: Parameters): PipelineState {
  checkOrder(state, type, false);
  const factors = std.map((divisor) => scale / divisor);
  const offsets = mean.map((value, i) => -value / (std[i] as number));
  return calculate(calculate(state, 'multiply', factors, 'single'), 'add', offsets, 'single');
}

function normalizer(type: string, keys: readonly string[], read: (node: YamlNode) => Parameters): PreprocessOperator {
  return {
    type,
    keys,
    read(node) {
      const parameters = read(node);
      return { type, parameters: { ...parameters }, apply: (state) => applyNormalize(state, type, parameters) };
    },
  };
}

const meanOfImageNet = [0.485, 0.456, 0.406];
const stdOfImageNet = [0.229, 0.224, 0.225];

/** PaddleX's detectors treat a `norm_type` of none as `mean_std`. */
export const detectionNormalize: PreprocessOperator = normalizer(
  'NormalizeImage',
  ['mean', 'std', 'is_scale', 'norm_type'],
  (node) => {
    readName(node.get('norm_type'), ['mean_std', 'none'], 'mean_std');
    const [mean, std] = [node.get('mean'), node.get('std')];
    return {
      scale: (node.get('is_scale')?.boolean() ?? true) ? 1 / 255 : 1,
      mean: mean === undefined ? meanOfImageNet : readTriple(mean),
      std: std === undefined ? stdOfImageNet : readDivisors(std),
    };
  },
);

/** PaddleX's segmenters; a single number applies to all channels. */
export const segmentationNormalize: PreprocessOperator = normalizer('Normalize', ['mean', 'std'], (node) => ({
  scale: 1 / 255,
  mean: readValues(node.get('mean'), readTriple),
  std: readValues(node.get('std'), readDivisors),
}));

function readValues(node: YamlNode | undefined, read: (node: YamlNode) => number[]): number[] {
  if (node === undefined) return [0.5, 0.5, 0.5];
  if (typeof node.value !== 'number') return read(node);
  if (node.value === 0 && read === readDivisors) throw node.expected('number other than 0');
  return Array(3).fill(node.number());
}

/** PaddleX's classifiers, which need three interleaved channels. */
export const classificationNormalize: PreprocessOperator = normalizer(
  'NormalizeImage',
  ['scale', 'mean', 'std', 'order', 'channel_num'],
  (node) => {
    node.get('channel_num')?.integer(3, 3);
    return readScaled(node, ['']);
  },
);

/** PaddleX's detectors of text; the order is that of pixels, too, and named in their exports. */
export const textNormalize: PreprocessOperator = normalizer(
  'NormalizeImage',
  ['scale', 'mean', 'std', 'order'],
  (node) => readScaled(node, ['', 'hwc']),
);

function readScaled(node: YamlNode, orders: readonly string[]): Parameters {
  const [order, mean, std] = ['order', 'mean', 'std'].map((key) => node.get(key));
  if (order !== undefined && !orders.includes(order.string())) {
    throw order.expected(`${orders.map((name) => `"${name}"`).join(' or ')} (rows of pixels)`);
  }
  return {
    scale: readScale(node.get('scale')),
    mean: mean === undefined ? meanOfImageNet : readTriple(mean),
    std: std === undefined ? stdOfImageNet : readDivisors(std),
  };
}
