import { checkInteger } from '../../validate';
import { type Precision, precisionCode } from './precision';
import { ConfigRecorder, checkNames } from './recorder';

/** CPU kernels and the engines that run on a CPU. */
export abstract class CpuSettings extends ConfigRecorder {
  /** Runs on the CPU (Paddle's default). Paddle 2.6, 3.x; any build. */
  disableGpu(): void {
    this.record('DisableGpu');
  }

  /** Number of threads of CPU kernels, 1 by default as in Paddle. Paddle 2.6, 3.x; any build. */
  setCpuMathLibraryNumThreads(threads: number): void {
    this.record('SetCpuMathLibraryNumThreads', checkInteger('threads', threads, 1));
  }

  /** The number of CPU threads, read back from Paddle. */
  cpuMathLibraryNumThreads(): Promise<number> {
    return this.number('cpu_math_library_num_threads');
  }

  /**
   * Turns oneDNN's CPU kernels on (Paddle's default; `enable_mkldnn` before 3.0). Paddle 2.6, 3.x; applies on a CPU.
   */
  enableOnednn(): void {
    this.record('EnableONEDNN');
  }

  /** Turns oneDNN's CPU kernels off (`disable_mkldnn` before 3.0). Paddle 2.6, 3.x; applies on a CPU. */
  disableOnednn(): void {
    this.record('DisableONEDNN');
  }

  /** Whether oneDNN is on, read back from Paddle. */
  onednnEnabled(): Promise<boolean> {
    return this.flag('onednn_enabled');
  }

  /** Number of input shapes for which oneDNN caches primitives; 0 caches all. Paddle 2.6, 3.x; applies to oneDNN. */
  setOnednnCacheCapacity(capacity = 0): void {
    this.record('SetOnednnCacheCapacity', checkInteger('capacity', capacity, 0));
  }

  /** Limits oneDNN to these operator types; by default all that it supports. Paddle 2.6, 3.x; applies to oneDNN. */
  setOnednnOp(operators: readonly string[]): void {
    this.record('SetONEDNNOp', checkNames('operators', operators));
  }

  /** bfloat16 arithmetic in oneDNN; needs a CPU with AVX-512. Paddle 2.6, 3.x; applies to oneDNN. */
  enableOnednnBfloat16(): void {
    this.record('EnableOnednnBfloat16');
  }

  /** Limits oneDNN's bfloat16 to these operator types. Paddle 2.6, 3.x; applies with `enableOnednnBfloat16`. */
  setBfloat16Op(operators: readonly string[]): void {
    this.record('SetBfloat16Op', checkNames('operators', operators));
  }

  /**
   * 8-bit integers in oneDNN, for quantised models; by default for all operators that it supports. Paddle 2.6, 3.x.
   */
  enableOnednnInt8(operators: readonly string[] = []): void {
    this.record('EnableOnednnInt8', checkNames('operators', operators));
  }

  /** Whether oneDNN computes in 8-bit integers, read back from Paddle. */
  onednnInt8Enabled(): Promise<boolean> {
    return this.flag('onednn_int8_enabled');
  }

  /** Runs fully connected layers on Paddle's own kernels. Paddle 2.6, 3.x; applies to oneDNN. */
  disableOnednnFcPasses(): void {
    this.record('DisableOnednnFcPasses');
  }

  /**
   * Runs the model on the OpenVINO engine, in `fp32` (default), `fp16` or `bf16`; `.pdmodel` programs only. Paddle 3.x;
   * CPU builds.
   */
  enableOpenvinoEngine(precision: Precision = 'fp32'): void {
    this.record('EnableOpenVINOEngine', precisionCode('precision', precision));
  }

  /** Whether the OpenVINO engine is on, read back from Paddle. Paddle 3.x. */
  openvinoEngineEnabled(): Promise<boolean> {
    return this.flag('openvino_engine_enabled');
  }

  /**
   * Runs through ONNX Runtime. Paddle 2.6, 3.x; only builds with ONNX Runtime, which the official wheels don't include.
   */
  enableOnnxruntime(): void {
    this.record('EnableONNXRuntime');
  }

  /** Undoes `enableOnnxruntime`. Paddle 2.6, 3.x; any build. */
  disableOnnxruntime(): void {
    this.record('DisableONNXRuntime');
  }

  /** Whether ONNX Runtime is used, read back from Paddle. */
  onnxruntimeEnabled(): Promise<boolean> {
    return this.flag('onnxruntime_enabled');
  }

  /** ONNX Runtime's own optimisations. Paddle 2.6, 3.x; only builds with ONNX Runtime. */
  enableOrtOptimization(): void {
    this.record('EnableORTOptimization');
  }
}
