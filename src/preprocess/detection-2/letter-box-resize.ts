import { resizeToSize } from '../geometry';
import { type PreprocessOperator, readSize } from '../operator';
import { checkOrder } from '../planes';
import { rint } from '../rounding';
import { currentSize, type PipelineState, pad } from '../state';

/** PaddleDetection 2.2+ `LetterBoxResize`: keeps the aspect ratio and centres the image on a grey canvas. */
export const letterBoxResize: PreprocessOperator = {
  type: 'LetterBoxResize',
  keys: ['target_size'],
  read(node) {
    const targetSize = readSize(node.require('target_size'));
    return {
      type: 'LetterBoxResize',
      parameters: { targetSize },
      apply: (state) => applyLetterBox(state, targetSize),
    };
  },
};

function applyLetterBox(state: PipelineState, [targetHeight, targetWidth]: readonly [number, number]): PipelineState {
  checkOrder(state, 'LetterBoxResize', false);
  const source = currentSize(state);
  const ratio = Math.min(targetHeight / source.height, targetWidth / source.width);
  const width = Math.max(1, rint(source.width * ratio));
  const height = Math.max(1, rint(source.height * ratio));
  const resized = resizeToSize(state, width, height, 3);
  const canvas = {
    width: targetWidth,
    height: targetHeight,
    left: rint((targetWidth - width) / 2 - 0.1),
    top: rint((targetHeight - height) / 2 - 0.1),
  };
  // OpenCV stores the border value 127.5 as 128 in 8 bits.
  const border = state.floats ? 127.5 : 128;
  return { ...pad(resized, canvas, [border, border, border]), imShape: [height, width], scaleFactor: [ratio, ratio] };
}
