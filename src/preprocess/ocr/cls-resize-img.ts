import { resizeToSize } from '../geometry';
import { maximumSide, type PreprocessOperator } from '../operator';
import { checkOrder, toPlanes } from '../planes';
import { calculate, currentSize, type PipelineState, pad } from '../state';

/**
 * PaddleOCR's `ClsResizeImg`, as RapidOCR runs it: a line of text is resized to the network's height, keeping its ratio
 * unless it is too wide, values become −1 to 1, and zeros are added at the right.
 */
export const clsResizeImg: PreprocessOperator = {
  type: 'ClsResizeImg',
  keys: ['image_shape'],
  read(node) {
    const shape = node.require('image_shape');
    const [channels, height, width, ...rest] = shape.list();
    if (channels === undefined || height === undefined || width === undefined || rest.length > 0) {
      throw shape.expected('[3, height, width]');
    }
    channels.integer(3, 3);
    const sides = { height: height.integer(1, maximumSide), width: width.integer(1, maximumSide) };
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
