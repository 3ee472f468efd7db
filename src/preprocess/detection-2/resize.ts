import { type Interpolation, resizeByFactors } from '../geometry';
import { type PreprocessOperator, readInterpolation, readSize } from '../operator';
import { checkOrder } from '../planes';
import { rint } from '../rounding';
import { currentSize, type PipelineState } from '../state';

/** PaddleDetection 2.x `Resize`: to a size, or keeping the ratio between a short and a long side. */
export const resize: PreprocessOperator = resizeNamed('Resize');

/** The same operator under another family's name. */
export function resizeNamed(type: string): PreprocessOperator {
  return {
    type,
    keys: ['target_size', 'keep_ratio', 'interp'],
    read(node) {
      const targetSize = readSize(node.require('target_size'));
      const keepRatio = node.get('keep_ratio')?.boolean() ?? true;
      const interpolation = readInterpolation(node.get('interp'));
      return {
        type,
        parameters: { targetSize, keepRatio, interpolation },
        apply: (state) => applyResize(state, targetSize, keepRatio, interpolation),
      };
    },
  };
}

function applyResize(
  state: PipelineState,
  target: readonly [number, number],
  keepRatio: boolean,
  interpolation: Interpolation,
): PipelineState {
  checkOrder(state, 'Resize', false);
  const { width, height } = currentSize(state);
  const [scaleY, scaleX] = scales(width, height, target, keepRatio);
  const resized = { width: Math.max(1, rint(width * scaleX)), height: Math.max(1, rint(height * scaleY)) };
  return {
    ...resizeByFactors(state, resized, { x: scaleX, y: scaleY }, interpolation),
    imShape: [resized.height, resized.width],
    // The exact factors, not those after rounding.
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
