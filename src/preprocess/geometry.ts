import { type Affine, currentSize, move, type PipelineState } from './state';

/** OpenCV's interpolation codes, as the configurations write them. */
export type Interpolation = 0 | 1 | 2 | 3 | 4;

/** Pillow's resampling codes: nearest, lanczos, bilinear, bicubic, box, hamming. */
export type PillowFilter = 0 | 1 | 2 | 3 | 4 | 5;

/** Resizes like scripts that call OpenCV with a size: the sampling step is the ratio of the sizes. */
export function resizeToSize(
  state: PipelineState,
  width: number,
  height: number,
  interpolation: Interpolation,
): PipelineState {
  const from = currentSize(state);
  const steps = { stepX: 1 / (width / from.width), stepY: 1 / (height / from.height) };
  return resize(state, { width, height, ...steps, interpolation });
}

/** Resizes like scripts that call OpenCV with factors: the sampling step is 1/factor, not the ratio of the sizes. */
export function resizeByFactors(
  state: PipelineState,
  size: { width: number; height: number },
  factors: { x: number; y: number },
  interpolation: Interpolation,
): PipelineState {
  return resize(state, { ...size, stepX: 1 / factors.x, stepY: 1 / factors.y, interpolation });
}

function resize(
  state: PipelineState,
  spec: { width: number; height: number; stepX: number; stepY: number; interpolation: Interpolation },
): PipelineState {
  const from = currentSize(state);
  // If the size does not change, OpenCV copies, regardless of the factors.
  if (from.width === spec.width && from.height === spec.height) return state;
  return move(state, { kind: 'resize', ...spec });
}

export function resizeWithPillow(
  state: PipelineState,
  width: number,
  height: number,
  filter: PillowFilter,
): PipelineState {
  const from = currentSize(state);
  if (from.width === width && from.height === height) return state;
  return move(state, { kind: 'pillow', width, height, filter });
}

export function crop(
  state: PipelineState,
  rectangle: { left: number; top: number; width: number; height: number },
): PipelineState {
  return move(state, { kind: 'crop', ...rectangle });
}

/** Warps bilinearly, with zeros outside; the matrix maps the image to the result. */
export function warp(state: PipelineState, width: number, height: number, affine: Affine): PipelineState {
  return { ...move(state, { kind: 'warp', width, height, matrix: invertAffine(affine) }), affine };
}

/** The inverse matrix. */
export function invertAffine([a, b, c, d, e, f]: Affine): Affine {
  // In OpenCV's order of operations, so that positions are bit-identical.
  const reciprocal = 1 / (a * e - b * d);
  const [ia, ib, id, ie] = [e * reciprocal, b * -reciprocal, d * -reciprocal, a * reciprocal];
  return [ia, ib, -ia * c - ib * f, id, ie, -id * c - ie * f];
}
