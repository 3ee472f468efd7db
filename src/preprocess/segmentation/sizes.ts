import { PaddleLabError } from '../../errors';
import type { YamlNode } from '../../yaml/yaml-file';
import { type Interpolation, resizeToSize } from '../geometry';
import { readName } from '../operator';
import { rint } from '../rounding';
import { currentSize, type PipelineState, pad } from '../state';

const interpolations = ['NEAREST', 'LINEAR', 'CUBIC', 'AREA', 'LANCZOS4'] as const;

/** PaddleSeg uses OpenCV's interpolation names; `RANDOM` is for training. */
export function readInterpolationName(node: YamlNode | undefined): Interpolation {
  return interpolations.indexOf(readName(node, interpolations, 'LINEAR')) as Interpolation;
}

/** Scales both sides by one factor. */
export function resizeByScale(state: PipelineState, scale: number, interpolation: Interpolation = 1): PipelineState {
  const { width, height } = currentSize(state);
  return resizeAndTell(state, rint(width * scale), rint(height * scale), interpolation);
}

/** Resizes to a size, which is recorded as the network's input size. */
export function resizeAndTell(
  state: PipelineState,
  width: number,
  height: number,
  interpolation: Interpolation,
): PipelineState {
  const from = currentSize(state);
  const [w, h] = [Math.max(1, width), Math.max(1, height)];
  const resized = resizeToSize(state, w, h, interpolation);
  return { ...resized, imShape: [h, w], scaleFactor: [h / from.height, w / from.width] };
}

/** Pads at the right and bottom; refuses a larger image, like the script. */
export function padTo(state: PipelineState, type: string, width: number, height: number, fill: number): PipelineState {
  const size = currentSize(state);
  if (size.width > width || size.height > height) {
    throw new PaddleLabError(
      'CONFIG_INVALID',
      `Expected an image of at most ${width}×${height} for ${type} but received ${size.width}×${size.height}`,
    );
  }
  return pad(state, { width, height }, [fill, fill, fill]);
}
