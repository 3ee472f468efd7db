import { addonFile, notLoadable } from './addon-files';
import type { NativeDrawing, NativePass, NativePixels } from './image-types';
import type { NativeJoints, NativeLabels, NativeMasks, NativeSegments, NativeSquares } from './mask-types';
import type {
  ConfigStep,
  NativeConfigReport,
  NativeLibraryInfo,
  NativeMixedPrecision,
  NativePredictor,
} from './paddle-types';
import type { NativeCrops, NativeProbabilities, NativeText, NativeTextMap, NativeTextScores } from './text-types';

/** The addon's whole surface. Arguments are checked before they get here: the native side only asserts. */
export interface NativeBinding {
  readonly Predictor: new () => NativePredictor;
  /** Frees the memory of arrays at once; they are empty afterwards. */
  freeArrays(arrays: readonly NodeJS.TypedArray[]): void;
  loadLibrary(library: string, stubs: string, preload: readonly string[]): Promise<NativeLibraryInfo>;
  /** Makes a configuration of the steps and reads it back, without a predictor. */
  readConfig(steps: readonly ConfigStep[]): Promise<NativeConfigReport>;
  trtRuntimeVersion(): Promise<[number, number, number]>;
  convertToMixedPrecision(options: NativeMixedPrecision): Promise<void>;
  /**
   * Sends what anything in this process writes to its standard streams, native code above all, to an open file, and
   * lets Paddle log everything.
   */
  redirectStandardStreams(file: number): void;
  /** Sends it where it went before, and lets Paddle log errors only. */
  restoreStandardStreams(): void;
  /** Ends every predictor of this thread and waits for the runs in progress; only to be called on exit. */
  shutdown(): void;
  /** Passes over an image off the event loop; the last one writes straight into `target`. */
  runPasses(source: NativePixels, passes: readonly NativePass[], target: Uint8Array | Float32Array): Promise<void>;
  /** Some of the masks `[N, ...size]` as run lengths, cut or padded to the image. */
  encodeMasks(job: NativeMasks): Promise<{ counts: string; box: [number, number, number, number] }[]>;
  /** Run lengths of squares of probabilities `[N, side, side]` that are put into their boxes. */
  pasteMasks(job: NativeSquares): Promise<string[]>;
  /** A mask for each class that a label map holds. */
  encodeLabels(job: NativeLabels): Promise<NativeSegments>;
  /** Probabilities of maps `[classes, pixels]`, written into `target`; gives the number of values that are NaN. */
  toProbabilities(job: {
    readonly maps: Float32Array;
    readonly target: Float32Array;
    readonly classes: number;
    /** How far the sums of probabilities may be from 1. */
    readonly tolerance: number;
  }): Promise<number>;
  /** For each wanted joint its cell, -1 if there is none, and what is left of its heat. */
  findJoints(job: NativeJoints): Promise<Float64Array>;
  /** Straightens parts of an image off the event loop, into the targets. */
  cropQuadrangles(crops: NativeCrops): Promise<void>;
  /** The corners of the smallest rectangle around each polygon; `ends` are the points up to each polygon's end. */
  smallestQuads(points: Int32Array, ends: Uint32Array): Float32Array;
  /** The characters of one text off the event loop. */
  decodeCtc(job: NativeProbabilities): Promise<NativeText>;
  /** Boxes of text off the event loop: x and y of four corners each, clockwise from the top left. */
  findTextBoxes(job: NativeTextMap): Promise<NativeTextScores & { readonly corners: Float32Array }>;
  /** Outlines of text of any shape off the event loop: x and y of points each; they may cross themselves. */
  findTextOutlines(job: NativeTextMap): Promise<NativeTextScores & { readonly outlines: readonly Int32Array[] }>;
  /** The short side of the smallest rectangle around each polygon. */
  shortSides(polygons: readonly Int32Array[]): Promise<Float32Array>;
  /** Draws off the event loop. */
  draw(drawing: NativeDrawing): Promise<void>;
  /** Rows for a PNG: a byte for the filter, then each byte less the one `distance` before it. */
  filterRows(pixels: Uint8Array, rowBytes: number, rows: number, distance: number): Promise<Uint8Array>;
  /** How much of each pixel closed contours cover, 0 to 255; `ends` are the points up to each contour's end. */
  rasterizePath(points: Float64Array, ends: Uint32Array, width: number, height: number): Uint8Array;
}

let binding: NativeBinding | undefined;

/** The library that is loaded before Paddle: stubs of CPython's data symbols, and a function in the place of MKL's. */
export function stubsFile(): string {
  return addonFile('paddle_stubs.node');
}

/**
 * Loads the compiled addon, on first use.
 *
 * @throws PaddleLabError ADDON_UNAVAILABLE
 */
export function loadBinding(): NativeBinding {
  if (binding === undefined) {
    const file = addonFile('paddlelab.node');
    try {
      const loaded = require(file) as NativeBinding;
      // Paddle's own destructors run when the process exits; no run may be under way then.
      process.once('exit', () => loaded.shutdown());
      binding = loaded;
    } catch (error) {
      throw notLoadable(file, error);
    }
  }
  return binding;
}
