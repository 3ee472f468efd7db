import { messageOf, PaddleLabError } from '../errors';
import {
  type ConfigStep,
  loadBinding,
  type NativeFetch,
  type NativePredictor,
  type NativePredictorInfo,
} from '../native/binding';
import { inspectCustom } from '../notebook/display';
import type { PaddleRuntime } from '../runtime';
import { abortError, checkBoolean, checkOptions, checkSignal, nearest, throwIfAborted } from '../validate';
import type { Config } from './config';
import { stepsOf } from './config-steps';
import { type DataType, dataTypeCode, dataTypeFromCode, wrapTensorData } from './data-type';
import { refuseCrash } from './engine-trial/guard';
import { type LoadedLibrary, loadLibrary } from './library';
import { checkModelFiles, type ProgramFormat } from './model-files';
import { type DeclaredInput, readPirInputs } from './program-ports';
import { checkSettings } from './settings-check';
import { checkTensorInput, type Tensor, type TensorInput } from './tensor';

/** What a predictor really runs on, read back from Paddle. */
export interface PredictorSettings {
  readonly device: 'cpu' | 'gpu';
  readonly onednn: boolean;
  readonly openvino: boolean;
  readonly tensorrt: boolean;
  /** Paddle's own table of all settings. */
  readonly summary: string;
}

export interface CreatePredictorOptions {
  /** Which Paddle to load: a folder or an installed version; by default the one that `findRuntime` finds. */
  readonly runtime?: string;
  /**
   * Whether settings that are new for this model, Paddle and CPU are tried in another process first, so that a crash
   * inside Paddle is an error and not this process's end. `true` by default; not done for a GPU.
   */
  readonly trial?: boolean;
}

export interface RunOptions {
  /** Gives the run up: the promise rejects at once, the native run ends in the background and its result is dropped. */
  readonly signal?: AbortSignal;
}

/**
 * A Paddle predictor on a native thread of its own: the event loop stays free, and runs are queued in order.
 *
 * @example
 * const predictor = await paddle.createPredictor(new paddle.Config(program, params));
 * const [first] = await predictor.run({ x: { shape: [1, 3, 64, 64], data: new Float32Array(3 * 64 * 64) } });
 * await predictor.dispose();
 */
export class Predictor {
  private disposal: Promise<void> | undefined;

  /** @internal Use `createPredictor`. */
  constructor(
    private readonly native: NativePredictor,
    /** Inputs that the program declares, in its order; −1 marks a dynamic extent. */
    readonly inputs: readonly DeclaredInput[],
    /** Names of the outputs, in the program's order. */
    readonly outputNames: readonly string[],
    readonly settings: PredictorSettings,
    readonly runtime: PaddleRuntime,
    readonly format: ProgramFormat,
  ) {}

  get inputNames(): readonly string[] {
    return this.inputs.map((input) => input.name);
  }

  /**
   * Runs the model once; the outputs come in the order of `outputNames`. Input arrays must not be changed or
   * transferred until the promise settles: Paddle copies them on its own thread.
   *
   * @throws PaddleLabError INVALID_ARGUMENT, DISPOSED, ABORTED, PREDICTOR_RUN_FAILED
   */
  async run(inputs: Readonly<Record<string, TensorInput>>, options: RunOptions = {}): Promise<Tensor[]> {
    checkOptions('run', options, ['signal']);
    if (options.signal !== undefined) checkSignal('signal', options.signal);
    if (this.disposal !== undefined) throw new PaddleLabError('DISPOSED', 'This predictor was disposed before');
    const feeds = this.checkInputs(inputs);
    throwIfAborted(options.signal);
    const fetched = await giveUpOn(options.signal, this.native.run(feeds)).catch((error: unknown) => {
      if (error instanceof PaddleLabError) throw error;
      throw new PaddleLabError('PREDICTOR_RUN_FAILED', `Paddle failed to run the model: ${firstLine(error)}`, {
        cause: error,
      });
    });
    return fetched.map(toTensor);
  }

  /** Destroys the predictor once the runs before are done; more calls do nothing. */
  dispose(): Promise<void> {
    this.disposal ??= this.native.dispose();
    return this.disposal;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.dispose();
  }

  [inspectCustom](): string {
    const inputs = this.inputs.map((input) => `${input.name} ${input.dtype}[${input.shape}]`).join(', ');
    return `Predictor (Paddle ${this.runtime.version}, ${this.settings.device}) ${inputs} → ${this.outputNames}`;
  }

  private checkInputs(inputs: Readonly<Record<string, TensorInput>>): NativeFeedList {
    for (const name of Object.keys(inputs)) {
      if (this.inputNames.includes(name)) continue;
      const near = nearest(name, this.inputNames);
      const hint = near === undefined ? `inputs: ${this.inputNames.join(', ')}` : `did you mean "${near}"?`;
      throw new PaddleLabError('INVALID_ARGUMENT', `This model has no input "${name}"; ${hint}`);
    }
    return this.inputs.map((declared) => toFeed(declared, inputs[declared.name]));
  }
}

type NativeFeedList = Parameters<NativePredictor['run']>[0];

/**
 * Creates a predictor with these settings, loading Paddle first where needed.
 *
 * @throws PaddleLabError FILE_NOT_FOUND, MODEL_DAMAGED, RUNTIME_NOT_FOUND, RUNTIME_CONFLICT, DEVICE_UNAVAILABLE,
 * ENGINE_UNAVAILABLE (also where the engine crashes with this model), METHOD_UNAVAILABLE, PREDICTOR_CREATE_FAILED
 */
export async function createPredictor(config: Config, options: CreatePredictorOptions = {}): Promise<Predictor> {
  checkOptions('createPredictor', options, ['runtime', 'trial']);
  const trial = checkBoolean('trial', options.trial ?? true);
  const checked = await checkModelFiles(config.progFile, config.paramsFile);
  const { format } = checked;
  const declared = format === 'json' ? await readPirInputs(config.progFile) : undefined;
  const library = await loadLibrary(options.runtime);
  await checkSettings(config, library, format);
  const steps = await stepsOf(config);
  if (trial && !config.has('EnableUseGpu')) {
    await refuseCrash({ ...checked, program: config.progFile, params: config.paramsFile, library }, steps);
  }
  const native = new (loadBinding().Predictor)();
  const info = await create(native, steps, config.progFile, library);
  const settings = toSettings(info);
  if (config.has('EnableUseGpu') && settings.device !== 'gpu') {
    await native.dispose();
    throw new PaddleLabError('DEVICE_UNAVAILABLE', 'A GPU was asked for, but Paddle went on with the CPU');
  }
  const names = info.outputs.map((port) => port.name);
  return new Predictor(native, declared ?? info.inputs.map(toDeclared), names, settings, library.runtime, format);
}

async function create(
  native: NativePredictor,
  steps: readonly ConfigStep[],
  program: string,
  library: LoadedLibrary,
): Promise<NativePredictorInfo> {
  try {
    return await native.create(steps);
  } catch (error) {
    await native.dispose();
    throw new PaddleLabError(
      'PREDICTOR_CREATE_FAILED',
      `Paddle ${library.runtime.version} can't create a predictor for ${program}: ${firstLine(error)}`,
      { cause: error },
    );
  }
}

function toSettings(info: NativePredictorInfo): PredictorSettings {
  const { onednn, openvino, tensorrt, summary } = info;
  return { device: info.useGpu ? 'gpu' : 'cpu', onednn, openvino, tensorrt, summary };
}

function toDeclared(port: NativePredictorInfo['inputs'][number]): DeclaredInput {
  return { name: port.name, dtype: dataTypeFromCode(port.type) ?? ('unknown' as DataType), shape: port.shape };
}

function toFeed(declared: DeclaredInput, input: TensorInput | undefined): NativeFeedList[number] {
  const { name } = declared;
  if (input === undefined) throw new PaddleLabError('INVALID_ARGUMENT', `Expected a tensor for input "${name}"`);
  const { dtype, shape, data } = checkTensorInput(name, input);
  if (dtype !== declared.dtype) {
    throw new PaddleLabError(
      'INVALID_ARGUMENT',
      `Expected ${declared.dtype} for input "${name}" but received ${dtype}`,
    );
  }
  if (declared.shape.length > 0 && declared.shape.length !== shape.length) {
    throw new PaddleLabError(
      'INVALID_ARGUMENT',
      `Expected shape [${declared.shape}] (−1 is any) for input "${name}" but received [${shape}]`,
    );
  }
  return { name, type: dataTypeCode(dtype), shape, data };
}

function toTensor(fetched: NativeFetch): Tensor {
  const dtype = dataTypeFromCode(fetched.type);
  if (dtype === undefined) throw new PaddleLabError('PREDICTOR_RUN_FAILED', `Unknown data type of ${fetched.name}`);
  const { name, shape, lod } = fetched;
  return { name, dtype, shape, lod, data: wrapTensorData(dtype, fetched.data) };
}

/** Paddle's texts end in a long native stack; its own summary line is what a person wants to read. */
function firstLine(error: unknown): string {
  const lines = messageOf(error)
    .split('\n')
    .map((line) => line.trim());
  const hint = lines.find((line) => /^\(?\w+\)? ?\w*Error: |^\([A-Z]\w+\) /.test(line));
  return hint ?? lines.find((line) => line !== '') ?? 'unknown error';
}

async function giveUpOn<T>(signal: AbortSignal | undefined, work: Promise<T>): Promise<T> {
  if (signal === undefined) return work;
  let onAbort: (() => void) | undefined;
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(abortError(signal));
    signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    if (onAbort !== undefined) signal.removeEventListener('abort', onAbort);
  }
}
