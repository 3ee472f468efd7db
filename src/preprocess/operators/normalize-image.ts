import { type PreprocessOperator, readTriple } from '../operator';
import type { PipelineState } from '../pipeline';

interface Parameters {
  readonly mean: readonly [number, number, number];
  readonly std: readonly [number, number, number];
  readonly isScale: boolean;
  readonly normType: 'mean_std' | 'none';
}

/** PaddleDetection 2.5+ `NormalizeImage`: × 1/255, − mean, ÷ std, each step in double and stored as float32. */
export const normalizeImage: PreprocessOperator = {
  type: 'NormalizeImage',
  keys: ['mean', 'std', 'is_scale', 'norm_type'],
  read(node) {
    const std = node.require('std');
    const parameters: Parameters = {
      mean: readTriple(node.require('mean')),
      std: readTriple(std),
      isScale: node.get('is_scale')?.boolean() ?? true,
      normType: readNormType(node.get('norm_type')?.value, (text) => node.error(text)),
    };
    if (parameters.std.includes(0)) throw std.expected('3 numbers other than 0');
    return {
      type: 'NormalizeImage',
      parameters: { ...parameters },
      apply: (state) => applyNormalize(state, parameters),
    };
  },
};

function readNormType(value: unknown, fail: (text: string) => Error): Parameters['normType'] {
  if (value === undefined || value === 'mean_std') return 'mean_std';
  if (value === 'none') return 'none';
  throw fail(`Expected "mean_std" or "none" for norm_type but received ${JSON.stringify(value)}`);
}

function applyNormalize(state: PipelineState, parameters: Parameters): PipelineState {
  const lookup = state.lookup.map((value, i) => normalize(value, Math.floor(i / 256), parameters));
  const [r, g, b] = state.canvas?.fill ?? [0, 0, 0];
  const fill = [normalize(r, 0, parameters), normalize(g, 1, parameters), normalize(b, 2, parameters)] as const;
  return { ...state, lookup, normalized: true, canvas: state.canvas && { ...state.canvas, fill } };
}

const perSample = Math.fround(1 / 255);

function normalize(sample: number, channel: number, { mean, std, isScale, normType }: Parameters): number {
  const value = isScale ? Math.fround(sample * perSample) : sample;
  if (normType === 'none') return value;
  const centered = Math.fround(value - (mean[channel] as number));
  return Math.fround(centered / (std[channel] as number));
}
