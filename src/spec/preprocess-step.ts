import type { Rectangle } from '../drawing/geometry';
import type { NativeGeometry, NativeMap, NativePass } from '../native/image-types';

/** `[height, width]`. */
export type Shape = readonly [number, number];

/** A 2×3 matrix by rows. */
export type Affine = readonly [number, number, number, number, number, number];

/**
 * The state of an image during preprocessing. Operators only record operations; native passes compute the pixels at the
 * end, and resize, normalise, reorder and pad in one pass if the order of the operators allows it.
 */
export interface PipelineState {
  /** @internal Completed passes. */
  readonly passes: readonly NativePass[];
  /** @internal The current pass, which operators add to. */
  readonly geometry: NativeGeometry;
  /** @internal */
  readonly map: NativeMap;
  /** Whether the current pass reads float32, and whether pixels are float32 at this point. */
  readonly readsFloats: boolean;
  readonly floats: boolean;
  /** Whether an operator has converted interleaved pixels to planes. */
  readonly planes: boolean;
  /** The position of the decoded image at this point, surrounded by borders. In pixels of this point, not rounded. */
  readonly content: Rectangle;
  /** Size of the decoded image. */
  readonly origShape: Shape;
  /** `[height, width]` as passed to networks of PaddleDetection 2.x. */
  readonly imShape: Shape;
  /** `[y, x]` factors as passed to the network. */
  readonly scaleFactor: readonly [number, number];
  /** `resize_shape` and `pad_shape` of PaddleDetection 1.x. */
  readonly resizeShape: Shape;
  readonly padShape: Shape | undefined;
  /** From the decoded image to the network's input, if an operator warps. */
  readonly affine: Affine | undefined;
}

/** Interleaved pixels, 8-bit until an operator makes them float32. */
export interface Pixels {
  readonly data: Uint8Array | Float32Array;
  readonly width: number;
  readonly height: number;
  readonly channels: number;
}

interface StepDescription {
  /** The operator's name in the configuration. */
  readonly type: string;
  /** Its arguments, for display. */
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** Size of a decoded image. */
export interface ImageSize {
  readonly width: number;
  readonly height: number;
}

/** A step that records operations for the native passes. */
export interface RecordedStep extends StepDescription {
  /** Adds its operations to the state of an image. */
  apply(state: PipelineState): PipelineState;
  /** The step for an image in a batch with these, if it depends on them. */
  forBatch?(images: readonly ImageSize[]): RecordedStep;
}

/** A step that computes pixels in JavaScript, such as a custom operator. */
export interface PixelStep extends StepDescription {
  /** Computes the pixels for the next step. */
  transform(pixels: Pixels): Pixels;
}

/** One step of preprocessing with its arguments, as read from a configuration. */
export type PreprocessStep = RecordedStep | PixelStep;
