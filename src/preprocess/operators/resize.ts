import { type PreprocessOperator, readInterpolation, readSize } from '../operator';
import { currentSize, type Interpolation, type PipelineState } from '../pipeline';
import { rint } from '../rounding';

/** PaddleDetection 2.x `Resize`: to a size, or keeping the ratio between a short and a long side. */
export const resize: PreprocessOperator = {
  type: 'Resize',
  keys: ['target_size', 'keep_ratio', 'interp'],
  read(node) {
    const targetSize = readSize(node.require('target_size'));
    const keepRatio = node.get('keep_ratio')?.boolean() ?? true;
    const interpolation = readInterpolation(node.get('interp'));
    return {
      type: 'Resize',
      parameters: { targetSize, keepRatio, interpolation },
      apply: (state) => applyResize(state, targetSize, keepRatio, interpolation),
    };
  },
};

function applyResize(
  state: PipelineState,
  target: readonly [number, number],
  keepRatio: boolean,
  interpolation: Interpolation,
): PipelineState {
  const { width, height } = currentSize(state);
  const [scaleY, scaleX] = scales(width, height, target, keepRatio);
  const resized = { width: rint(width * scaleX), height: rint(height * scaleY) };
  return {
    ...state,
    // The scripts call OpenCV with factors, so that it samples at 1/factor and not at the ratio of the sizes.
    resize: { ...state.resize, ...resized, stepX: 1 / scaleX, stepY: 1 / scaleY, interpolation },
    imShape: [resized.height, resized.width],
    // The factors asked for, not the ones that rounding gave.
    scaleFactor: [scaleY, scaleX],
  };
}

function scales(
  width: number,
  height: number,
  target: readonly [number, number],
  keepRatio: boolean,
): readonly [number, number] {
  if (!keepRatio) return [target[0] / height, target[1] / width];
  const short = Math.min(...target);
  const long = Math.max(...target);
  let scale = short / Math.min(width, height);
  if (rint(scale * Math.max(width, height)) > long) scale = long / Math.max(width, height);
  return [scale, scale];
}
