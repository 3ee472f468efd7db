/** Masks to encode; sizes are `[height, width]`. What is above 0 is inside. */
export interface NativeMasks {
  readonly masks: ArrayBufferView;
  readonly indices: Uint32Array;
  readonly size: readonly [number, number];
  readonly image: readonly [number, number];
  /** Left, top, right and bottom of what may be seen of each mask; empty: all of all masks. */
  readonly visible: Int32Array;
}

/** Masks that are squares of probabilities inside boxes. */
export interface NativeSquares {
  readonly probabilities: Float32Array;
  readonly side: number;
  /** Which square, for each box of four numbers. */
  readonly indices: Uint32Array;
  readonly boxes: Float32Array;
  readonly image: readonly [number, number];
}

/** Labels `[1, ...size]`, or maps `[channels, ...size]` of which the highest counts; sizes are `[height, width]`. */
export interface NativeLabels {
  readonly labels: ArrayBufferView;
  readonly channels: number;
  readonly size: readonly [number, number];
  /** The top left part that is the image. */
  readonly content: readonly [number, number];
  readonly image: readonly [number, number];
}

/** What a label map holds; `notNumbers` values were NaN, `notClasses` no class number up to 65535. */
export interface NativeSegments {
  readonly segments: readonly { readonly classId: number; readonly area: number; readonly counts: string }[];
  readonly notNumbers: number;
  readonly notClasses: number;
}

/** Joints to look for in maps `[joints, cells]` and tags `[joints, cells, dimensions]`. */
export interface NativeJoints {
  readonly heat: Float32Array;
  readonly tags: Float32Array;
  readonly joints: number;
  readonly dimensions: number;
  readonly wanted: Uint32Array;
  /** `[wanted, dimensions]`. */
  readonly centres: Float64Array;
}
