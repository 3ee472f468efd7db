import { warp } from '../geometry';
import { maximumSide, type PreprocessOperator, readPair } from '../operator';
import { checkOrder } from '../planes';
import { rint } from '../rounding';
import { type Affine, currentSize, type PipelineState, reorder } from '../state';

/** Scales by `k` and maps the centre of the image to the centre of the result. */
function centred(k: number, from: readonly [number, number], to: readonly [number, number]): Affine {
  return [k, 0, to[0] - k * from[0], 0, k, to[1] - k * from[1]];
}

/** PaddleDetection 2.3+ `WarpAffine` (CenterNet, FairMOT): converts RGB to BGR and fits the long side to the input. */
export const warpAffine: PreprocessOperator = warpWithDefault(false);

/** The same, with another toolkit's default for `keep_res`. */
export function warpWithDefault(keepsResolution: boolean): PreprocessOperator {
  return {
    type: 'WarpAffine',
    keys: ['keep_res', 'pad', 'input_h', 'input_w', 'scale', 'shift', 'down_ratio'],
    read(node) {
      const keepRes = node.get('keep_res')?.boolean() ?? keepsResolution;
      const pad = node.get('pad')?.integer(0, maximumSide) ?? 31;
      const height = node.get('input_h')?.integer(1, maximumSide) ?? 512;
      const width = node.get('input_w')?.integer(1, maximumSide) ?? 512;
      return {
        type: 'WarpAffine',
        parameters: { keepRes, ...(keepRes ? { pad } : { height, width }) },
        apply: (state) => applyWarp(reorder(state, [2, 1, 0]), keepRes ? { pad } : { width, height }),
      };
    },
  };
}

function applyWarp(state: PipelineState, target: { pad: number } | { width: number; height: number }): PipelineState {
  checkOrder(state, 'WarpAffine', false);
  const { width: w, height: h } = currentSize(state);
  if ('pad' in target) {
    const [width, height] = [(w | target.pad) + 1, (h | target.pad) + 1];
    return warp(state, width, height, centred(1, [Math.floor(w / 2), Math.floor(h / 2)], [width / 2, height / 2]));
  }
  const { width, height } = target;
  return warp(state, width, height, centred(width / Math.max(h, w), [w / 2, h / 2], [width / 2, height / 2]));
}

/** PaddleDetection 2.x `TopDownEvalAffine` (keypoints of one person): the width fits the input. */
export const topDownEvalAffine: PreprocessOperator = {
  type: 'TopDownEvalAffine',
  keys: ['trainsize', 'use_udp'],
  read(node) {
    const [width, height] = readPair(node.require('trainsize'), '[width, height]');
    const useUdp = node.get('use_udp')?.boolean() ?? false;
    return {
      type: 'TopDownEvalAffine',
      parameters: { width, height, useUdp },
      apply(state) {
        checkOrder(state, 'TopDownEvalAffine', false);
        const { width: w, height: h } = currentSize(state);
        if (useUdp) return warp(state, width, height, [(width - 1) / w, 0, 0, 0, (height - 1) / h, 0]);
        return warp(state, width, height, centred(width / w, [w / 2, h / 2], [width / 2, height / 2]));
      },
    };
  },
};

/** PaddleDetection 2.x `EvalAffine` (HigherHRNet): the short side becomes `size`, the long a multiple of 64. */
export const evalAffine: PreprocessOperator = {
  type: 'EvalAffine',
  keys: ['size', 'stride'],
  read(node) {
    const size = node.require('size').integer(1, maximumSide);
    return { type: 'EvalAffine', parameters: { size }, apply: (state) => applyEvalAffine(state, size) };
  },
};

function applyEvalAffine(state: PipelineState, size: number): PipelineState {
  checkOrder(state, 'EvalAffine', false);
  const { width: w, height: h } = currentSize(state);
  // The script uses 64 in place of its argument `stride`.
  const long = (side: number, short: number) => Math.ceil(((size / short) * side) / 64) * 64;
  const [width, height] = w < h ? [size, long(h, w)] : [long(w, h), size];
  const k = size / Math.min(w, h);
  return warp(state, width, height, centred(k, [rint(w / 2), rint(h / 2)], [width / 2, height / 2]));
}
