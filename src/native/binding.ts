import path from 'node:path';
import { messageOf, PaddleLabError } from '../errors';
import { packageRoot } from '../package-root';

/** A value for a method of Paddle's configuration; the native side makes the C++ type of it. */
export type ConfigArgument =
  | boolean
  | number
  | string
  | readonly ConfigArgument[]
  | { readonly [key: string]: ConfigArgument };

/** One call on Paddle's configuration, by its C++ name: `EnableUseGpu(100, 0, 0)`. */
export interface ConfigStep {
  readonly method: string;
  readonly arguments: readonly ConfigArgument[];
}

/** What Paddle says of a configuration, getters by their C++ names. */
export interface NativeConfigReport {
  readonly values: Readonly<Record<string, boolean | number>>;
  /** What Paddle threw instead of answering a getter. */
  readonly failures: Readonly<Record<string, string>>;
  readonly summary: string;
  readonly passes: readonly string[];
  readonly analysisPasses: readonly string[];
  readonly passesText: string;
}

/** An input or output as Paddle tells it before a run; `type` is Paddle's number, −1 where unknown. */
export interface NativePort {
  readonly name: string;
  readonly type: number;
  readonly shape: readonly number[];
}

export interface NativePredictorInfo {
  readonly inputs: readonly NativePort[];
  readonly outputs: readonly NativePort[];
  readonly useGpu: boolean;
  readonly onednn: boolean;
  readonly openvino: boolean;
  readonly tensorrt: boolean;
  readonly summary: string;
}

/** Numbers for an input. */
export interface NativeFeed {
  readonly name: string;
  readonly type: number;
  readonly shape: readonly number[];
  readonly data: ArrayBufferView;
  readonly lod?: readonly (readonly number[])[];
}

/** Texts for an input of strings. */
export interface NativeStrings {
  readonly name: string;
  readonly strings: readonly string[];
}

export interface NativeTensorInfo {
  readonly name: string;
  readonly type: number;
  readonly shape: readonly number[];
  readonly lod: readonly (readonly number[])[];
}

export interface NativeFetch extends NativeTensorInfo {
  readonly data: ArrayBuffer;
}

/** A tensor that an operator took or made; `type` is phi's number. */
export interface NativeHookEvent {
  readonly isInput: boolean;
  readonly op: string;
  readonly variable: string;
  readonly type: number;
  readonly shape: readonly number[];
}

/**
 * A predictor on a native thread of its own; calls are queued there in order. The byte `cancel` becomes 1 when a run
 * that still waits in the queue is not wanted any more.
 */
export interface NativePredictor {
  create(steps: readonly ConfigStep[]): Promise<NativePredictorInfo>;
  /** Instead of `create`: a predictor on the weights of another, which keeps them until this one is gone. */
  cloneFrom(parent: NativePredictor): Promise<NativePredictorInfo>;
  run(inputs: readonly (NativeFeed | NativeStrings)[], cancel?: Uint8Array): Promise<NativeFetch[]>;
  /** Milliseconds of each of up to `runs` runs one right after the other; none begins after `maxMs`, but the first. */
  time(
    feeds: readonly (readonly (NativeFeed | NativeStrings)[])[],
    warmup: number,
    runs: number,
    maxMs: number,
    cancel?: Uint8Array,
  ): Promise<number[]>;
  feed(input: NativeFeed | NativeStrings): Promise<void>;
  /** Lets Paddle read the memory itself; it must stay until the input is fed with something else. */
  share(input: NativeFeed): Promise<void>;
  setInputLod(name: string, lod: readonly (readonly number[])[]): Promise<void>;
  execute(cancel?: Uint8Array): Promise<void>;
  fetch(name: string): Promise<NativeFetch[]>;
  describe(name: string): Promise<NativeTensorInfo>;
  /** Notes from now on what operators take (or make); `takeEvents` hands it out. */
  watch(inputs: boolean): Promise<void>;
  takeEvents(): Promise<NativeHookEvent[]>;
  clearIntermediateTensor(): Promise<void>;
  tryShrinkMemory(): Promise<number>;
  /** Destroys the predictor after the runs queued before; to be called once. */
  dispose(): Promise<void>;
}

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

/** How pixels move in a pass; `width` and `height` are those of the result. */
export type NativeGeometry = { readonly width: number; readonly height: number } & (
  | { readonly kind: 'none' }
  | {
      readonly kind: 'resize';
      /** Source pixels per destination pixel. */
      readonly stepX: number;
      readonly stepY: number;
      /** OpenCV's code: 0 nearest, 1 linear, 2 cubic, 3 area, 4 lanczos4. */
      readonly interpolation: number;
    }
  /** Pillow's code: 0 nearest, 1 lanczos, 2 bilinear, 3 bicubic, 4 box, 5 hamming. */
  | { readonly kind: 'pillow'; readonly filter: number }
  /** From destination to source: `[a, b, c, d, e, f]` for x = a·x + b·y + c, y = d·x + e·y + f. */
  | { readonly kind: 'warp'; readonly matrix: readonly number[] }
  | { readonly kind: 'crop'; readonly left: number; readonly top: number }
);

/** Arithmetic with a constant for each channel, stored as float32 after computing in float32 or in double. */
export interface NativeArithmetic {
  readonly kind: 'multiply' | 'divide' | 'add' | 'subtract';
  readonly double: boolean;
  readonly values: readonly number[];
}

/** What becomes of the pixels in a pass: channels, arithmetic, padding, order in memory. */
export interface NativeMap {
  /** Source channel of each channel of the result; −1 for zeros. */
  readonly order: readonly number[];
  readonly arithmetic: readonly NativeArithmetic[];
  /** The canvas; the image stands at `left`, `top`, the rest is `fill` (one value for each channel). */
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly top: number;
  readonly fill: readonly number[];
  /** Channels one after the other instead of interleaved. */
  readonly planes: boolean;
  /** Cut to 8 bits instead of float32. */
  readonly bytes: boolean;
}

export interface NativePass {
  readonly geometry: NativeGeometry;
  readonly map: NativeMap;
}

/** Interleaved pixels, 1 to 4 channels. */
export interface NativePixels {
  readonly data: Uint8Array | Float32Array;
  readonly width: number;
  readonly height: number;
  readonly channels: number;
}

/** A picture to be drawn: `source` is copied to `target` unless it is the same memory, then the operations are done. */
export interface NativeDrawing {
  /** RGB, 8 bits each, rows from the top; as long as `target`. */
  readonly source: Uint8Array;
  readonly target: Uint8Array;
  readonly width: number;
  readonly height: number;
  /** Operations, one after the other, as `DisplayList` writes them. */
  readonly numbers: Float64Array;
  /** Memory that operations refer to by index. */
  readonly buffers: readonly (Uint8Array | Float32Array)[];
  /** Run lengths of masks that operations refer to by index. */
  readonly strings: readonly string[];
}

export interface NativeLibraryInfo {
  /** Paddle's own words: `version: 3.3.1\ncommit: …\nbranch: …`. */
  readonly version: string;
  /** Methods and getters of the configuration that this Paddle has, by their C++ names. */
  readonly configMethods: readonly string[];
  /** 0, 0, 0 in a build without TensorRT. */
  readonly trtCompileVersion: readonly [number, number, number];
}

export interface NativeMixedPrecision {
  readonly model: string;
  readonly params: string;
  readonly mixedModel: string;
  readonly mixedParams: string;
  /** Paddle's PrecisionType. */
  readonly precision: number;
  /** Paddle's PlaceType. */
  readonly backend: number;
  readonly keepIoTypes: boolean;
  readonly blackList: readonly string[];
  readonly whiteList: readonly string[];
}

/** The addon's whole surface. Arguments are checked before they get here: the native side only asserts. */
export interface NativeBinding {
  readonly Predictor: new () => NativePredictor;
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
  /** Draws off the event loop. */
  draw(drawing: NativeDrawing): Promise<void>;
  /** Rows for a PNG: a byte for the filter, then each byte less the one `distance` before it. */
  filterRows(pixels: Uint8Array, rowBytes: number, rows: number, distance: number): Promise<Uint8Array>;
  /** How much of each pixel closed contours cover, 0 to 255; `ends` are the points up to each contour's end. */
  rasterizePath(points: Float64Array, ends: Uint32Array, width: number, height: number): Uint8Array;
}

let binding: NativeBinding | undefined;

function buildFile(name: string): string {
  return path.join(packageRoot(), 'native', 'build', 'Release', name);
}

/** The library that is loaded before Paddle: stubs of CPython's data symbols, and a function in the place of MKL's. */
export function stubsFile(): string {
  return buildFile('paddle_stubs.node');
}

/**
 * Loads the compiled addon, on first use.
 *
 * @throws PaddleLabError ADDON_UNAVAILABLE
 */
export function loadBinding(): NativeBinding {
  if (binding === undefined) {
    const file = buildFile('paddlelab.node');
    try {
      const loaded = require(file) as NativeBinding;
      // Paddle's own destructors run when the process exits; no run may be under way then.
      process.once('exit', () => loaded.shutdown());
      binding = loaded;
    } catch (error) {
      throw new PaddleLabError(
        'ADDON_UNAVAILABLE',
        `Can't load the native addon ${file}: ${messageOf(error)}\n` +
          'Compile it for this machine with `npx paddlelab rebuild` (needs g++, make and python3), ' +
          'or see `npx paddlelab doctor`.',
        { cause: error },
      );
    }
  }
  return binding;
}
