import { type Interpolation, type PillowFilter, resizeByFactors, resizeWithPillow } from '../geometry';
import { maximumSide, type OperatorContext, type PreprocessOperator, readInterpolation } from '../operator';
import { checkOrder } from '../planes';
import { rint } from '../rounding';
import { currentSize, type PipelineState, pad, toBytes, toFloats } from '../state';

/** Architectures whose images keep their aspect ratio; matched by the whole name. */
const keepingRatio = ['RCNN', 'RetinaNet', 'FCOS', 'SOLOv2'];

interface Parameters {
  readonly targetSize: number;
  readonly maxSize: number;
  readonly interpolation: number;
  readonly backend: 'opencv' | 'pillow';
  /** Whether a square canvas of `maxSize` follows. */
  readonly square: boolean;
  readonly keepRatio: boolean;
}

/**
 * PaddleDetection 1.x `Resize` as in release 0.5: keeps the aspect ratio for two-stage detectors with a `max_size`.
 */
export const resize: PreprocessOperator = {
  type: 'Resize',
  keys: ['target_size', 'max_size', 'interp', 'use_cv2', 'image_shape', 'resize_box'],
  read(node, { arch }: OperatorContext) {
    const maxSize = node.get('max_size')?.integer(0, maximumSide) ?? 0;
    const opencv = node.get('use_cv2')?.boolean() ?? true;
    const useCv2 = node.get('use_cv2');
    if (!opencv && maxSize !== 0) throw (useCv2 ?? node).expected('true for use_cv2 where max_size is not 0');
    const parameters: Parameters = {
      targetSize: node.require('target_size').integer(1, maximumSide),
      maxSize,
      interpolation: opencv ? readInterpolation(node.get('interp')) : (node.get('interp')?.integer(0, 5) ?? 1),
      backend: opencv ? 'opencv' : 'pillow',
      square: maxSize !== 0 && node.get('image_shape') !== undefined,
      keepRatio: maxSize !== 0 && keepingRatio.includes(arch),
    };
    return { type: 'Resize', parameters: { ...parameters }, apply: (state) => applyResize(state, parameters) };
  },
};

function applyResize(state: PipelineState, parameters: Parameters): PipelineState {
  checkOrder(state, 'Resize', false);
  const { maxSize, backend, interpolation, square } = parameters;
  const from = currentSize(state);
  const [x, y] = scales(from, parameters);
  const resized =
    backend === 'pillow'
      ? resizeWithPillow(
          toBytes(state),
          Math.max(1, Math.trunc(x * from.width)),
          Math.max(1, Math.trunc(y * from.height)),
          interpolation as PillowFilter,
        )
      : resizeByFactors(
          state,
          { width: Math.max(1, rint(from.width * x)), height: Math.max(1, rint(from.height * y)) },
          { x, y },
          interpolation as Interpolation,
        );
  const { width, height } = currentSize(resized);
  return {
    ...(square ? pad(toFloats(resized), { width: maxSize, height: maxSize }, [0, 0, 0]) : resized),
    imShape: [height, width],
    scaleFactor: [y, x],
    // The scripts multiply the height by the width's factor.
    resizeShape: [x * from.height, y * from.width],
  };
}

function scales(
  { width, height }: { width: number; height: number },
  { targetSize, maxSize, keepRatio }: Parameters,
): readonly [number, number] {
  if (!keepRatio) return [targetSize / width, targetSize / height];
  const long = Math.max(width, height);
  let scale = targetSize / Math.min(width, height);
  if (rint(scale * long) > maxSize) scale = maxSize / long;
  return [scale, scale];
}
