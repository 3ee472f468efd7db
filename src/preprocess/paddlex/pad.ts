import { padStep } from '../detection-2/pad';
import { type PreprocessOperator, readSize, readTriple } from '../operator';

/** PaddleX's `Pad`: by default to 640 × 640, filled with 127.5. */
export const detectionPad: PreprocessOperator = {
  type: 'Pad',
  keys: ['size', 'fill_value'],
  read(node) {
    const size = node.get('size');
    const fillNode = node.get('fill_value');
    const [height, width] = size === undefined ? [640, 640] : readSize(size);
    return padStep({ height, width, fill: fillNode === undefined ? [127.5, 127.5, 127.5] : readTriple(fillNode) });
  },
};
