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

/** A map of the probability of text in each pixel, and the rules for finding regions in it. */
export interface NativeTextMap {
  readonly map: Float32Array;
  readonly width: number;
  readonly height: number;
  /** A pixel above this belongs to text. */
  readonly pixelThreshold: number;
  /** Mean probability of a region, at least. */
  readonly boxThreshold: number;
  /** Regions are widened by area × ratio ÷ length of the outline. */
  readonly unclipRatio: number;
  /** At most so many borders are looked at. */
  readonly maxCandidates: number;
  /** Pixels of the short side before widening; two more after it. */
  readonly minSize: number;
  readonly dilation: boolean;
  /** Means inside the borders themselves; only for boxes. */
  readonly slowScores: boolean;
  /** Lengths are rounded to float32, as by OpenCV. */
  readonly singleLengths: boolean;
}

/** What was found in a map, in its pixels; nothing if any value is NaN. */
export interface NativeTextScores {
  readonly scores: Float64Array;
  readonly notNumbers: number;
}
