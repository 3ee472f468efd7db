import { type PreprocessOperator, readPair } from '../operator';
import { currentSize, type PipelineState, pad, toBytes } from '../state';
import { resizeAndTell } from './sizes';

/** PaddleSeg `ScalePadding`: centred on a square, cut to 8 bits, then cubic to `[width, height]`. */
export const scalePadding: PreprocessOperator = {
  type: 'ScalePadding',
  keys: ['target_size', 'im_padding_value', 'label_padding_value'],
  read(node) {
    const target = node.get('target_size');
    const [width, height] = target === undefined ? [512, 512] : readPair(target, '[width, height]');
    const fill = node.get('im_padding_value')?.number() ?? 127.5;
    return {
      type: 'ScalePadding',
      parameters: { width, height, fill },
      apply: (state) => resizeAndTell(toBytes(toSquare(state, fill)), width, height, 2),
    };
  },
};

function toSquare(state: PipelineState, fill: number): PipelineState {
  const { width, height } = currentSize(state);
  const side = Math.max(width, height);
  const margin = Math.trunc(Math.abs(height - width) / 2);
  const [left, top] = height > width ? [margin, 0] : [0, margin];
  return pad(state, { width: side, height: side, left, top }, [fill, fill, fill]);
}
