import { inspectCustom } from '../display/display';
import { PaddleLabError } from '../errors';
import type { NativePredictor } from '../native/binding';
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

/** What a predictor really runs on, read back from Paddle. */
export interface PredictorSettings {
  readonly device: 'cpu' | 'gpu';
  readonly onednn: boolean;
  readonly openvino: boolean;
  readonly tensorrt: boolean;
  /** Paddle's own table of all settings. */
  readonly summary: string;
}

export interface RunOptions {
  /**
   * Gives the run up: the promise rejects at once. A run that still waits in the queue is skipped; one that has begun
   * ends in the background and its result is dropped.
   */
  readonly signal?: AbortSignal;
}

const runChecks = {
  signal: abortSignal,
} satisfies OptionChecks<RunOptions>;

/** What a predictor is made of. */
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
 * A Paddle predictor on a native thread of its own: the event loop stays free, and runs are queued in order.
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
  /** Inputs that the program declares, in its order; −1 marks a dynamic extent. */
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
    // With the OpenVINO engine behind the runs that wait for their turn, so that the order of the calls counts.
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
   * The input of this name, to be fed before `run()` without arguments.
   *
   * @throws PaddleLabError INVALID_ARGUMENT
   */
  getInputHandle(name: string): InputHandle {
    return this.handles.input(name);
  }

  /**
   * The output of this name, to be read after `run()` without arguments.
   *
   * @throws PaddleLabError INVALID_ARGUMENT
   */
  getOutputHandle(name: string): OutputHandle {
    return this.handles.output(name);
  }

  /**
   * Runs the model once on what the input handles were fed with; the output handles hold the results.
   *
   * @throws PaddleLabError INVALID_ARGUMENT, DISPOSED, ABORTED, PREDICTOR_RUN_FAILED
   */
  run(inputs?: undefined, options?: RunOptions): Promise<undefined>;
  /**
   * Runs the model once; the outputs come in the order of `outputNames`. Input arrays must not be changed or
   * transferred until the promise settles: Paddle copies them on its own thread. (The OpenVINO engine reads the arrays
   * themselves, as they are then also in a `run()` without inputs afterwards.) A small model on plain CPU kernels, whose
   * last runs on these shapes took at most 50 µs each, runs on the calling thread, since handing it over takes longer;
   * the event loop gets its turn every 4 ms all the same.
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
   * Runs the model again and again on the predictor's thread and answers the milliseconds of each run: handing inputs
   * over (copied, but with the OpenVINO engine), the model, copying outputs out, without JavaScript between them, as a
   * loop in Python does. Awaiting each `run` takes longer. Inputs have to be fed again before a `run()` without any.
   * Hooks that are registered are timed as well, and told of all runs at the end.
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

  /** @internal The arrays of the last run serve something else from now on. What Paddle has no copy of is unfed then. */
  releaseInputs(): void {
    if (this.settings.openvino) this.handles.doubt();
  }

  /**
   * Another predictor on the same weights, with a native thread and tensors of its own, so that both run at once (with
   * the OpenVINO engine one after the other; there two predictors made apart run at once). The
   * weights stay until the last of them is disposed, in any order. Of a `.json` program Paddle reads the weights again
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
   * Has every later run tell of each tensor that an operator takes: after the run, before it is answered. It slows runs
   * down, and is not taken over by clones. Paddle 2.6, 3.x.
   *
   * @throws PaddleLabError INVALID_ARGUMENT, DISPOSED
   */
  registerInputHook(hook: TensorHook): Promise<void> {
    return this.call((native) => this.hooks.register(native, hook, true));
  }

  /**
   * Has every later run tell of each tensor that an operator makes; as `registerInputHook`.
   *
   * @example
   * await predictor.registerOutputHook((op, name, { dtype, shape }) => console.log(op, name, dtype, shape));
   */
  registerOutputHook(hook: TensorHook): Promise<void> {
    return this.call((native) => this.hooks.register(native, hook, false));
  }

  /**
   * Frees the tensors between the layers, and the inputs and outputs with them: inputs must be fed again. Paddle 2.6,
   * 3.x; `.pdmodel` programs only.
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
   * Gives memory that Paddle keeps for later back to the system, the tensors of the last run included: inputs must be
   * fed again. Paddle 2.6, 3.x.
   *
   * @returns the bytes that were freed
   * @throws PaddleLabError DISPOSED, PREDICTOR_RUN_FAILED
   */
  async tryShrinkMemory(): Promise<number> {
    this.refuseDisposed();
    return this.handles.clearing(() => this.call((native) => native.tryShrinkMemory()));
  }

  /**
   * Destroys the predictor once the runs before are done; more calls do nothing. Where clones are alive its working
   * memory goes at once, and the rest with the last of them.
   */
  dispose(): Promise<void> {
    this.disposal ??= this.end();
    return this.disposal;
  }

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

  /** Queues work on the predictor's thread, and makes a coded error of what Paddle throws. */
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
    // What was asked for before may still wait for its turn.
    if (this.settings.openvino) await this.parts.family.inTurn(async () => undefined);
    await this.parts.family.leave(this.native, !this.hooks.any);
    this.handles.forget();
    this.lent.clear();
  }

  private refuseDisposed(): void {
    if (this.disposal !== undefined) throw new PaddleLabError('DISPOSED', 'This predictor was disposed before');
  }
}
