import { resizeToSize } from '../geometry';
import type { PreprocessOperator } from '../operator';
import { checkOrder, toPlanes } from '../planes';
import { calculate, currentSize, type PipelineState, pad } from '../state';
import { lineSides } from './rec-resize-img';

/**
 * PaddleOCR's `ClsResizeImg`, as RapidOCR runs it: a line of text is resized to the network's height, keeping its ratio
 * unless it is too wide, values become −1 to 1, and zeros are added at the right.
 */
export const clsResizeImg: PreprocessOperator = {
  type: 'ClsResizeImg',
  keys: ['image_shape'],
  read(node) {
    const sides = lineSides(node);
    return { type: 'ClsResizeImg', parameters: sides, apply: (state) => applyResize(state, sides) };
  },
};

function applyResize(
  state: PipelineState,
  { height, width }: { readonly height: number; readonly width: number },
): PipelineState {
  checkOrder(state, 'ClsResizeImg', false);
  const from = currentSize(state);
  const resized = resizeToSize(state, Math.min(width, Math.ceil(height * (from.width / from.height))), height, 1);
  const halves = calculate(calculate(resized, 'divide', [255], 'single'), 'subtract', [0.5], 'single');
  return toPlanes(pad(calculate(halves, 'divide', [0.5], 'single'), { width, height }, [0, 0, 0]));
}
