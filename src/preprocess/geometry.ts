import { type Affine, currentSize, move, type PipelineState } from './state';

/** OpenCV's interpolation codes, as the configurations write them. */
export type Interpolation = 0 | 1 | 2 | 3 | 4;

/** Pillow's resampling codes: nearest, lanczos, bilinear, bicubic, box, hamming. */
export type PillowFilter = 0 | 1 | 2 | 3 | 4 | 5;

/** Resizes as scripts do that call OpenCV with a size: the step is the ratio of the sizes. */
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

/** Resizes as scripts do that call OpenCV with factors: it samples at 1/factor and not at the ratio of the sizes. */
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
  // OpenCV copies where the size stays, whatever the factors.
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

/** Warps bilinearly, zeros outside; the matrix leads from the image to the result. */
export function warp(state: PipelineState, width: number, height: number, affine: Affine): PipelineState {
  return { ...move(state, { kind: 'warp', width, height, matrix: invertAffine(affine) }), affine };
}

/** The way back. */
export function invertAffine([a, b, c, d, e, f]: Affine): Affine {
  // In OpenCV's order, so that positions are the same to the last bit.
  const reciprocal = 1 / (a * e - b * d);
  const [ia, ib, id, ie] = [e * reciprocal, b * -reciprocal, d * -reciprocal, a * reciprocal];
  return [ia, ib, -ia * c - ib * f, id, ie, -id * c - ie * f];
}
