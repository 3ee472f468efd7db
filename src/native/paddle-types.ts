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
  /** Records the inputs (or outputs) of operators in all later runs; `takeEvents` returns the records. */
  watch(inputs: boolean): Promise<void>;
  takeEvents(): Promise<NativeHookEvent[]>;
  clearIntermediateTensor(): Promise<void>;
  tryShrinkMemory(): Promise<number>;
  /** Destroys the predictor after the runs queued before; to be called once. */
  dispose(): Promise<void>;
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
