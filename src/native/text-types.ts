/** Quadrangles of an RGB image that are straightened; each has its place in every array. */
export interface NativeCrops {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
  /** x and y of four corners, clockwise from the one that becomes the top left. */
  readonly corners: Float32Array;
  /** Width and height. */
  readonly sizes: Int32Array;
  /** 1: turned to the left by 90° afterwards. */
  readonly turned: Uint8Array;
  readonly targets: readonly Uint8Array[];
}

/** Probabilities `[columns, classes]` of a network with connectionist temporal classification; class 0 is the blank. */
export interface NativeProbabilities {
  readonly probabilities: Float32Array;
  readonly columns: number;
  readonly classes: number;
}

/** The decoded characters; each has its place in every array. */
export interface NativeText {
  readonly classes: Int32Array;
  readonly scores: Float32Array;
  /** First column, and the one after the last. */
  readonly columns: Int32Array;
  /** Columns with values that are NaN. */
  readonly notNumbers: number;
}
