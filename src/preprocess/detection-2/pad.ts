import { PaddleLabError } from '../../errors';
import { type PreprocessOperator, readSize, readTriple } from '../operator';
import type { PreprocessStep } from '../pipeline';
import { checkOrder } from '../planes';
import { currentSize, pad as padTo, toFloats } from '../state';

/** PaddleDetection 2.4+ `Pad`: the image at the top left of a canvas of fixed size. */
export const pad: PreprocessOperator = {
  type: 'Pad',
  keys: ['size', 'fill_value'],
  read(node) {
    const [height, width] = readSize(node.require('size'));
    const fillNode = node.get('fill_value');
    const fill = fillNode === undefined ? ([114, 114, 114] as const) : readTriple(fillNode);
    return padStep({ height, width, fill });
  },
};

/** The step, independent of default arguments. */
export function padStep(parameters: {
  readonly height: number;
  readonly width: number;
  readonly fill: readonly number[];
}): PreprocessStep {
  const { height, width, fill } = parameters;
  return {
    type: 'Pad',
    parameters,
    apply(state) {
      checkOrder(state, 'Pad', false);
      const size = currentSize(state);
      if (size.width > width || size.height > height) {
        throw new PaddleLabError(
          'CONFIG_INVALID',
          `Expected an image of at most ${width}×${height} for Pad but received ${size.width}×${size.height}`,
        );
      }
      return padTo(toFloats(state), { width, height }, fill);
    },
  };
}
