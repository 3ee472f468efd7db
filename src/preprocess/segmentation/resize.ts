import type { Interpolation } from '../geometry';
import { type PreprocessOperator, readPair } from '../operator';
import { rint } from '../rounding';
import { currentSize, type PipelineState } from '../state';
import { readInterpolationName, resizeAndTell } from './sizes';

interface Parameters {
  readonly width: number;
  readonly height: number;
  readonly keepRatio: boolean;
  readonly sizeDivisor: number | undefined;
  readonly interpolation: Interpolation;
}

/** PaddleSeg `Resize`: `target_size` is `[width, height]`. */
export const resize: PreprocessOperator = {
  type: 'Resize',
  keys: ['target_size', 'keep_ratio', 'size_divisor', 'interp'],
  read(node) {
    const target = node.get('target_size');
    const [width, height] = target === undefined ? [512, 512] : readPair(target, '[width, height]');
    const parameters: Parameters = {
      ...{ width, height },
      keepRatio: node.get('keep_ratio')?.boolean() ?? false,
      sizeDivisor: node.get('size_divisor')?.integer(1, 4096),
      interpolation: readInterpolationName(node.get('interp')),
    };
    return { type: 'Resize', parameters: { ...parameters }, apply: (state) => applyResize(state, parameters) };
  },
};

function applyResize(state: PipelineState, parameters: Parameters): PipelineState {
  const { keepRatio, sizeDivisor, interpolation } = parameters;
  let { width, height } = parameters;
  if (keepRatio) {
    const { width: w, height: h } = currentSize(state);
    const long = Math.max(width, height) / Math.max(w, h);
    const scale = Math.min(long, Math.min(width, height) / Math.min(w, h));
    [width, height] = [rint(w * scale), rint(h * scale)];
  }
  if (sizeDivisor !== undefined) {
    [width, height] = [Math.ceil(width / sizeDivisor) * sizeDivisor, Math.ceil(height / sizeDivisor) * sizeDivisor];
  }
  return resizeAndTell(state, width, height, interpolation);
}
