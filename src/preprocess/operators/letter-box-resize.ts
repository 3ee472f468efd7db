import { type PreprocessOperator, readSize } from '../operator';
import { currentSize, type PipelineState } from '../pipeline';
import { rint } from '../rounding';

/** OpenCV's border value 127.5, as it is stored in 8 bits. */
const border = 128;

/** PaddleDetection 2.2+ `LetterBoxResize`: keeps the ratio and centres the image on a grey canvas. */
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
  const source = currentSize(state);
  const ratio = Math.min(targetHeight / source.height, targetWidth / source.width);
  const width = rint(source.width * ratio);
  const height = rint(source.height * ratio);
  return {
    ...state,
    // Here the scripts call OpenCV with a size, so that the step is the ratio of the sizes.
    resize: {
      ...state.resize,
      width,
      height,
      stepX: 1 / (width / source.width),
      stepY: 1 / (height / source.height),
      interpolation: 3,
    },
    canvas: {
      width: targetWidth,
      height: targetHeight,
      left: rint((targetWidth - width) / 2 - 0.1),
      top: rint((targetHeight - height) / 2 - 0.1),
      fill: [border, border, border],
    },
    imShape: [height, width],
    scaleFactor: [ratio, ratio],
  };
}
