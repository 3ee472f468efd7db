import { inspect } from 'node:util';
import type { ConfigStep } from '../native/binding';
import { inspectCustom } from '../notebook/display';
import { checkBoolean, checkInteger, checkOneOf, checkString } from '../validate';

/** Arithmetic of an engine: 32-bit float, 16-bit float, bfloat16 or 8-bit integers. */
export type Precision = 'fp32' | 'fp16' | 'bf16' | 'int8';

/** Paddle's PrecisionType numbers. */
const precisionCodes: Record<Precision, number> = { fp32: 0, int8: 1, fp16: 2, bf16: 3 };
const precisions = Object.keys(precisionCodes) as Precision[];

/**
 * Settings of a predictor, method for method as `paddle.inference.Config` (snake_case becomes camelCase).
 *
 * Settings are recorded and applied when a predictor is created; a method that the loaded Paddle lacks is refused
 * then with METHOD_UNAVAILABLE. Unlike Paddle's, one Config may serve any number of predictors.
 *
 * @example
 * const config = new paddle.Config('model.pdmodel', 'model.pdiparams');
 * config.disableGpu();
 * config.setCpuMathLibraryNumThreads(2);
 * const predictor = await paddle.createPredictor(config);
 */
export class Config {
  private program: string;
  private params: string;
  private readonly recorded: ConfigStep[] = [];
  private logging = false;

  /** Paths of the program (`.pdmodel` or `.json`) and of the parameters (`.pdiparams`). */
  constructor(programFile: string, paramsFile: string) {
    this.program = checkString('programFile', programFile);
    this.params = checkString('paramsFile', paramsFile);
  }

  /** Replaces the model: paths of the program and of the parameters. */
  setModel(programFile: string, paramsFile: string): void {
    this.program = checkString('programFile', programFile);
    this.params = checkString('paramsFile', paramsFile);
  }

  get progFile(): string {
    return this.program;
  }

  get paramsFile(): string {
    return this.params;
  }

  /** Runs on the CPU (Paddle's default). */
  disableGpu(): void {
    this.record('DisableGpu');
  }

  /** Runs on a GPU; refused with DEVICE_UNAVAILABLE where the runtime or the machine has none. */
  enableUseGpu(memoryPoolInitSizeMb: number, deviceId = 0, precision: Precision = 'fp32'): void {
    checkInteger('memoryPoolInitSizeMb', memoryPoolInitSizeMb, 1);
    checkInteger('deviceId', deviceId, 0);
    this.record('EnableUseGpu', memoryPoolInitSizeMb, deviceId, precisionCode('precision', precision));
  }

  /** Number of threads of CPU kernels, 1 by default as in Paddle. */
  setCpuMathLibraryNumThreads(threads: number): void {
    this.record('SetCpuMathLibraryNumThreads', checkInteger('threads', threads, 1));
  }

  /** Turns oneDNN's CPU kernels on (Paddle's default; `enable_mkldnn` before 3.0). */
  enableOnednn(): void {
    this.record('EnableONEDNN');
  }

  /** Turns oneDNN's CPU kernels off (`disable_mkldnn` before 3.0). */
  disableOnednn(): void {
    this.record('DisableONEDNN');
  }

  /** How many input shapes oneDNN keeps primitives for; 0 keeps all. */
  setOnednnCacheCapacity(capacity: number): void {
    this.record('SetOnednnCacheCapacity', checkInteger('capacity', capacity, 0));
  }

  /** bfloat16 arithmetic in oneDNN; needs a CPU with AVX-512. */
  enableOnednnBfloat16(): void {
    this.record('EnableOnednnBfloat16');
  }

  /** Hands the model to the OpenVINO engine of Paddle 3.x CPU builds; `.pdmodel` programs only. */
  enableOpenvinoEngine(precision: Precision = 'fp32'): void {
    this.record('EnableOpenVINOEngine', precisionCode('precision', precision));
  }

  /** Folder for what engines keep between runs (the OpenVINO engine's compiled models). */
  setOptimCacheDir(directory: string): void {
    this.record('SetOptimCacheDir', checkString('directory', directory));
  }

  /** Reuses the memory of intermediate tensors; `.pdmodel` programs only. */
  enableMemoryOptim(enabled = true): void {
    this.record('EnableMemoryOptim', checkBoolean('enabled', enabled));
  }

  /** Turns the passes that optimise the program on (Paddle's default) or off. */
  switchIrOptim(enabled = true): void {
    this.record('SwitchIrOptim', checkBoolean('enabled', enabled) ? 1 : 0);
  }

  /** Leaves one optimisation pass out, by its name (Paddle 3.x). */
  deletePass(name: string): void {
    this.record('DeletePass', checkString('name', name));
  }

  /** Lets Paddle's log go to stderr; it is off by default. */
  enableGlogInfo(): void {
    this.logging = true;
  }

  /** Keeps Paddle's log quiet (the default here). */
  disableGlogInfo(): void {
    this.logging = false;
  }

  /** The calls that make Paddle's own configuration, in order. */
  steps(): readonly ConfigStep[] {
    const first: ConfigStep = { method: 'SetModel', arguments: [this.program, this.params] };
    const quiet: ConfigStep[] = this.logging ? [] : [{ method: 'DisableGlogInfo', arguments: [] }];
    return [first, ...quiet, ...this.recorded];
  }

  /** Whether a setting was recorded, by Paddle's C++ name. */
  has(method: string): boolean {
    return this.recorded.some((step) => step.method === method);
  }

  [inspectCustom](): string {
    const calls = this.recorded.map((step) => `${step.method}(${step.arguments.join(', ')})`);
    return `Config ${inspect(this.program)} ${calls.join(' ')}`;
  }

  private record(method: string, ...values: (boolean | number | string)[]): void {
    this.recorded.push({ method, arguments: values });
  }
}

function precisionCode(name: string, precision: Precision): number {
  return precisionCodes[checkOneOf(name, precision, precisions)];
}
