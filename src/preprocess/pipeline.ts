import type { RgbImage } from '../image/image';
import { loadBinding } from '../native/binding';
import type { NativePixels } from '../native/image-types';
import type { Affine, PipelineState, Pixels, PreprocessStep, Shape } from '../spec/preprocess-step';
import { invalidArgument } from '../validate';
import { takeFromPool } from './float-pool';
import { channelCount, currentSize, startState } from './state';

export type { PipelineState, PixelStep, Pixels, PreprocessStep, RecordedStep } from '../spec/preprocess-step';

/** The tensors of an image. */
export interface NetworkImage {
  /** Planes `[1, channels, height, width]`, or interleaved pixels if no operator converts to planes. */
  readonly image: { readonly shape: readonly number[]; readonly data: Float32Array };
  /** `[height, width]` after resizing. */
  readonly imShape: Shape;
  /** `[y, x]`. */
  readonly scaleFactor: readonly [number, number];
  /** `[height, width]` of the decoded image. */
  readonly origShape: Shape;
  /** PaddleDetection 1.x: `[height, width]` after resizing, unrounded. */
  readonly resizeShape: Shape;
  /** PaddleDetection 1.x: `[height, width]` after PadStride, if it ran. */
  readonly padShape: Shape | undefined;
  /** The matrix from the decoded image to the network's, by rows, if an operator warps (keypoints). */
  readonly affine: Affine | undefined;
}

/** Runs the steps on an image; the pixel work happens off the event loop. */
export async function runPipeline(source: RgbImage, steps: readonly PreprocessStep[]): Promise<NetworkImage> {
  let pixels: Pixels = { data: source.data, width: source.width, height: source.height, channels: 3 };
  let state = startState(pixels);
  for (const step of steps) {
    if ('transform' in step) {
      pixels = checkPixels(step, step.transform(await runToPixels(pixels, state)));
      const { origShape, imShape, scaleFactor, resizeShape, padShape, affine } = state;
      const carried = { origShape, imShape, scaleFactor, resizeShape, padShape, affine };
      state = { ...startState(pixels, pixels.data instanceof Float32Array), ...carried, planes: state.planes };
    } else {
      state = step.apply(state);
    }
  }
  const { width, height } = currentSize(state);
  const { imShape, scaleFactor, origShape, resizeShape, padShape, affine } = state;
  const data = takeFromPool(channelCount(state) * width * height);
  await runNative(pixels, state, data, state.planes);
  const shape = state.planes ? [1, channelCount(state), height, width] : [1, height, width, channelCount(state)];
  return { image: { shape, data }, imShape, scaleFactor, origShape, resizeShape, padShape, affine };
}

/** The current pixels at this point of the pipeline. */
async function runToPixels(source: NativePixels, state: PipelineState): Promise<Pixels> {
  const size = { ...currentSize(state), channels: channelCount(state) };
  const samples = size.width * size.height * size.channels;
  const data = state.floats ? new Float32Array(samples) : new Uint8Array(samples);
  await runNative(source, state, data, false);
  return { ...size, data };
}

function runNative(
  source: NativePixels,
  state: PipelineState,
  target: Uint8Array | Float32Array,
  planes: boolean,
): Promise<void> {
  const last = { geometry: state.geometry, map: { ...state.map, planes, bytes: target instanceof Uint8Array } };
  return loadBinding().runPasses(source, [...state.passes, last], target);
}

/** Applies the recorded steps of a state to pixels; the result is interleaved, with the state's size. */
export function runState(source: NativePixels, state: PipelineState, target: Uint8Array | Float32Array): Promise<void> {
  return runNative(source, state, target, false);
}

function checkPixels(step: PreprocessStep, pixels: Pixels): Pixels {
  const samples = pixels?.width * pixels?.height * pixels?.channels;
  const { data } = pixels ?? {};
  const fits = (data instanceof Uint8Array || data instanceof Float32Array) && data.length === samples && samples > 0;
  if (!fits || pixels.channels > 4) {
    throw invalidArgument(
      `result of ${step.type}`,
      'pixels { data, width, height, channels } that fit together',
      pixels,
    );
  }
  return pixels;
}
