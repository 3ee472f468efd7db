import type { NativeGeometry, NativeMap, NativePass } from '../native/image-types';

/** `[height, width]`. */
export type Shape = readonly [number, number];

/** A part of an image, in pixels, origin top left. */
export interface Rectangle {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** A 2×3 matrix by rows. */
export type Affine = readonly [number, number, number, number, number, number];

/**
 * An image on its way into a network. Operators only record what is to be done; native passes do the pixels at the end,
 * resizing, normalising, reordering and padding at once where the order of the operators lets them.
 */
export interface PipelineState {
  /** Passes that are complete. */
  readonly passes: readonly NativePass[];
  /** The pass that operators still add to. */
  readonly geometry: NativeGeometry;
  readonly map: NativeMap;
  /** Whether the current pass reads float32, and whether pixels are float32 at this point. */
  readonly readsFloats: boolean;
  readonly floats: boolean;
  /** Whether an operator has turned rows of pixels into planes. */
  readonly planes: boolean;
  /** Where the decoded image lies at this point: borders are around it. In pixels of this point, not rounded. */
  readonly content: Rectangle;
  /** Size of the decoded image. */
  readonly origShape: Shape;
  /** `[height, width]` as networks of PaddleDetection 2.x are told it. */
  readonly imShape: Shape;
  /** `[y, x]` factors as the network is told them. */
  readonly scaleFactor: readonly [number, number];
  /** What PaddleDetection 1.x calls `resize_shape` and `pad_shape`. */
  readonly resizeShape: Shape;
  readonly padShape: Shape | undefined;
  /** From the decoded image to the network's, where an operator warps. */
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
  /** Its arguments, for people to read. */
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** A step that records what the native passes are to do. */
export interface RecordedStep extends StepDescription {
  apply(state: PipelineState): PipelineState;
}

/** A step that calculates on pixels in JavaScript, such as one that a user writes. */
export interface PixelStep extends StepDescription {
  transform(pixels: Pixels): Pixels;
}

/** One step of preprocessing with its arguments, as read from a configuration. */
export type PreprocessStep = RecordedStep | PixelStep;
