import { inspectCustom } from '../display/display';
import { PaddleLabError } from '../errors';
import type { NativePredictor } from '../native/paddle-types';
import { abortSignal, type OptionChecks, readOptions } from '../options';
import type { PaddleRuntime } from '../runtime';
import { showControls } from '../text/controls';
import { throwIfAborted } from '../validate';
import { cancelable } from './cancel';
import { checkInputs, type RunInputs } from './feeds';
import { PredictorHooks, type TensorHook } from './hooks';
import type { InputHandle } from './input-handle';
import type { ProgramFormat } from './model-files';
import type { OutputHandle } from './output-handle';
import { paddleMessage } from './paddle-message';
import type { PredictorFamily } from './predictor-family';
import { PredictorHandles } from './predictor-handles';
import type { DeclaredInput, DeclaredOutput } from './program-ports';
import { type Tensor, toTensor } from './tensor';
import { checkTimedRuns, type TimeRunsOptions } from './timed-runs';
import { ZeroCopyInputs } from './zero-copy-inputs';

/** What a predictor actually runs on, read back from Paddle. */
export interface PredictorSettings {
  readonly device: 'cpu' | 'gpu';
  readonly onednn: boolean;
  readonly openvino: boolean;
  readonly tensorrt: boolean;
  /** Paddle's own table of all settings. */
  readonly summary: string;
}

/** Options of a run. */
export interface RunOptions {
  /**
   * Cancels the run: the promise rejects at once. A run still in the queue is skipped; one that has begun finishes in
   * the background, and its result is dropped.
   */
  readonly signal?: AbortSignal;
}

const runChecks = {
  signal: abortSignal,
} satisfies OptionChecks<RunOptions>;

/** The parts of a predictor. */
interface PredictorParts {
  readonly native: NativePredictor;
  readonly inputs: readonly DeclaredInput[];
  readonly outputs: readonly DeclaredOutput[];
  readonly settings: PredictorSettings;
  readonly runtime: PaddleRuntime;
  readonly format: ProgramFormat;
  readonly family: PredictorFamily;
}

/**
 * A Paddle predictor with its own native thread: the event loop stays free, and runs are queued in order.
 *
 * @example
 * const predictor = await paddle.createPredictor(new paddle.Config('model.pdmodel', 'model.pdiparams'));
 * const [boxes] = await predictor.run({
 *   image: { shape: [1, 3, 256, 256], data: new Float32Array(3 * 256 * 256) },
 *   scale_factor: { shape: [1, 2], data: new Float32Array([1, 1]) },
 * });
 * await predictor.dispose();
 */
export class Predictor {
  /** Inputs that the program declares, in its order; −1 marks a dynamic dimension. */
  readonly inputs: readonly DeclaredInput[];
  /** Outputs that the program declares, in its order. */
  readonly outputs: readonly DeclaredOutput[];
  readonly settings: PredictorSettings;
  readonly runtime: PaddleRuntime;
  readonly format: ProgramFormat;
  private readonly native: NativePredictor;
  private readonly handles: PredictorHandles;
  private disposal: Promise<void> | undefined;
  private readonly hooks = new PredictorHooks();
  private readonly lent = new ZeroCopyInputs();

  /** @internal Use `createPredictor`. */
  constructor(private readonly parts: PredictorParts) {
    this.native = parts.native;
    this.inputs = parts.inputs;
    this.outputs = parts.outputs;
    this.settings = parts.settings;
    this.runtime = parts.runtime;
    this.format = parts.format;
    // With the OpenVINO engine, queued after the waiting runs, to keep the order of the calls.
    const inTurn = <T>(run: () => Promise<T>) => (parts.settings.openvino ? parts.family.inTurn(run) : run());
    this.handles = new PredictorHandles(parts.inputs, parts.outputs, (work) => inTurn(() => this.call(work)));
  }

  /** Names of the inputs, in the program's order (`get_input_names`). */
  get inputNames(): readonly string[] {
    return this.inputs.map((input) => input.name);
  }

  /** Names of the outputs, in the program's order (`get_output_names`). */
  get outputNames(): readonly string[] {
    return this.outputs.map((output) => output.name);
  }

  /**
   * The input with this name, to be fed before `run()` without arguments.
   *
   * @throws PaddleLabError INVALID_ARGUMENT
   */
  getInputHandle(name: string): InputHandle {
    return this.handles.input(name);
  }

  /**
   * The output with this name, to be read after `run()` without arguments.
   *
   * @throws PaddleLabError INVALID_ARGUMENT
   */
  getOutputHandle(name: string): OutputHandle {
    return this.handles.output(name);
  }

  /**
   * Runs the model once on the data of the input handles; the output handles then have the results.
   *
   * @throws PaddleLabError INVALID_ARGUMENT, DISPOSED, ABORTED, PREDICTOR_RUN_FAILED
   */
  run(inputs?: undefined, options?: RunOptions): Promise<undefined>;
  /**
   * Runs the model once; the outputs come in the order of `outputNames`. Input arrays must not be changed or
   * transferred until the promise settles: Paddle copies them on its own thread. (The OpenVINO engine reads the arrays
   * without a copy, also in a later `run()` without inputs, with their contents at that time.) A small model on plain
   * CPU kernels, whose last runs on these shapes took at most 50 µs each, runs on the calling thread, because switching
   * threads takes longer; the event loop still gets a turn every 4 ms.
   *
   * @throws PaddleLabError INVALID_ARGUMENT, DISPOSED, ABORTED, PREDICTOR_RUN_FAILED
   */
  run(inputs: RunInputs, options?: RunOptions): Promise<Tensor[]>;
  async run(inputs?: RunInputs, options: RunOptions = {}): Promise<Tensor[] | undefined> {
    const { signal } = readOptions('run', options, runChecks);
    this.refuseDisposed();
    const feeds = inputs === undefined ? undefined : checkInputs(this.inputs, inputs);
    if (feeds === undefined) this.handles.checkFed();
    throwIfAborted(signal);
    if (feeds === undefined) {
      await this.handles.running(() => this.callRun(signal, (native, cancel) => native.execute(cancel)));
      return undefined;
    }
    const { openvino } = this.settings;
    const start = (native: NativePredictor, cancel: Uint8Array | undefined) => {
      const running = native.run(feeds, cancel);
      return openvino ? this.lent.during(feeds, running) : running;
    };
    return (await this.handles.feeding(feeds, openvino, () => this.callRun(signal, start))).map(toTensor);
  }

  /**
   * Runs the model repeatedly on the predictor's thread and returns the milliseconds of each run. A run passes the
   * inputs (copied, except with the OpenVINO engine), computes the model and copies the outputs, without JavaScript in
   * between, like a loop in Python. Awaiting each `run` takes longer. Inputs have to be fed again before a `run()`
   * without inputs. Registered hooks are included in the times, and are called for all runs at the end.
   *
   * @param inputs of one run, or of several, interleaved
   * @throws PaddleLabError INVALID_ARGUMENT, DISPOSED, ABORTED, PREDICTOR_RUN_FAILED
   *
   * @example
   * const milliseconds = await predictor.timeRuns(inputs, { warmup: 5, runs: 20 });
   * console.log(Math.min(...milliseconds));
   */
  async timeRuns(inputs: RunInputs | readonly RunInputs[], options: TimeRunsOptions = {}): Promise<number[]> {
    this.refuseDisposed();
    const { feeds, warmup, runs, maxMs, signal } = checkTimedRuns(this.inputs, inputs, options);
    throwIfAborted(signal);
    return this.handles.passing(() =>
      this.callRun(signal, (native, cancel) => native.time(feeds, warmup, runs, maxMs, cancel)),
    );
  }

  /**
   * @internal The arrays of the last run will be reused by the caller. Inputs that Paddle has not copied count as not
   *   fed.
   */
  releaseInputs(): void {
    if (this.settings.openvino) this.handles.doubt();
  }

  /**
   * Another predictor on the same weights, with its own native thread and tensors, so that both run concurrently. (With
   * the OpenVINO engine, clones run one after the other; separately created predictors run concurrently.) The weights
   * are kept until the last predictor is disposed, in any order. For a `.json` program Paddle reads the weights again
   * for each clone. Paddle 2.6, 3.x.
   *
   * @throws PaddleLabError DISPOSED, MODEL_DAMAGED (the files of a `.json` program have changed), PREDICTOR_CREATE_FAILED
   */
  async clone(): Promise<Predictor> {
    this.refuseDisposed();
    const native = await this.parts.family.cloneOf(this.native).catch((error: unknown) => {
      if (error instanceof PaddleLabError) throw error;
      throw new PaddleLabError(
        'PREDICTOR_CREATE_FAILED',
        `Paddle can't clone this predictor: ${paddleMessage(error)}`,
        {
          cause: error,
        },
      );
    });
    return new Predictor({ ...this.parts, native });
  }

  /**
   * Calls a hook for each input tensor of every operator in later runs: after the run, before its promise settles. It
   * slows runs down, and clones do not inherit it. Paddle 2.6, 3.x.
   *
   * @throws PaddleLabError INVALID_ARGUMENT, DISPOSED
   */
  registerInputHook(hook: TensorHook): Promise<void> {
    return this.call((native) => this.hooks.register(native, hook, true));
  }

  /**
   * Calls a hook for each output tensor of every operator in later runs; otherwise like `registerInputHook`.
   *
   * @example
   * await predictor.registerOutputHook((op, name, { dtype, shape }) => console.log(op, name, dtype, shape));
   */
  registerOutputHook(hook: TensorHook): Promise<void> {
    return this.call((native) => this.hooks.register(native, hook, false));
  }

  /**
   * Frees the intermediate tensors, and the inputs and outputs with them: inputs must be fed again. Paddle 2.6, 3.x;
   * `.pdmodel` programs only.
   *
   * @throws PaddleLabError DISPOSED, PREDICTOR_RUN_FAILED
   */
  async clearIntermediateTensor(): Promise<void> {
    this.refuseDisposed();
    if (this.format === 'json') {
      throw new PaddleLabError(
        'MODEL_UNSUPPORTED',
        'Paddle can clear the tensors of .pdmodel programs only; use tryShrinkMemory for this .json',
      );
    }
    await this.handles.clearing(() => this.call((native) => native.clearIntermediateTensor()));
  }

  /**
   * Returns Paddle's cached memory to the system, including the tensors of the last run: inputs must be fed again.
   * Paddle 2.6, 3.x.
   *
   * @returns the number of bytes freed
   * @throws PaddleLabError DISPOSED, PREDICTOR_RUN_FAILED
   */
  async tryShrinkMemory(): Promise<number> {
    this.refuseDisposed();
    return this.handles.clearing(() => this.call((native) => native.tryShrinkMemory()));
  }

  /**
   * Destroys the predictor after its queued runs; further calls do nothing. While clones exist, only its working memory
   * is freed at once, and the rest with the last clone.
   */
  dispose(): Promise<void> {
    this.disposal ??= this.end();
    return this.disposal;
  }

  /** `dispose`, at the end of a block with `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.dispose();
  }

  [inspectCustom](): string {
    const inputs = this.inputs.map((input) => `${input.name} ${input.dtype}[${input.shape}]`).join(', ');
    const text = `Predictor (Paddle ${this.runtime.version}, ${this.settings.device}) ${inputs} → ${this.outputNames}`;
    return showControls(text);
  }

  private callRun<T>(
    signal: AbortSignal | undefined,
    start: (native: NativePredictor, cancel: Uint8Array | undefined) => Promise<T>,
  ): Promise<T> {
    const run = () =>
      this.coded((native) => this.hooks.around(native, () => cancelable(signal, (cancel) => start(native, cancel))));
    return this.settings.openvino ? this.parts.family.inTurn(run) : run();
  }

  /** Queues work on the predictor's thread, and converts Paddle's exceptions into coded errors. */
  private async call<T>(work: (native: NativePredictor) => Promise<T>): Promise<T> {
    this.refuseDisposed();
    return this.coded(work);
  }

  private async coded<T>(work: (native: NativePredictor) => Promise<T>): Promise<T> {
    try {
      return await work(this.native);
    } catch (error) {
      if (error instanceof PaddleLabError) throw error;
      throw new PaddleLabError('PREDICTOR_RUN_FAILED', `Paddle failed to run the model: ${paddleMessage(error)}`, {
        cause: error,
      });
    }
  }

  private async end(): Promise<void> {
    // Earlier runs may still be queued.
    if (this.settings.openvino) await this.parts.family.inTurn(async () => undefined);
    await this.parts.family.leave(this.native, !this.hooks.any);
    this.handles.forget();
    this.lent.clear();
  }

  private refuseDisposed(): void {
    if (this.disposal !== undefined) throw new PaddleLabError('DISPOSED', 'This predictor was disposed before');
  }
}
