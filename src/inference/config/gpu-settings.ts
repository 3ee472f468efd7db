import { checkBoolean, checkInteger, invalidArgument } from '../../validate';
import { type Precision, precisionCode } from './precision';
import { ConfigRecorder, checkNames } from './recorder';

/** Running on a GPU, TensorRT apart. */
export abstract class GpuSettings extends ConfigRecorder {
  /**
   * Runs on a GPU; refused with DEVICE_UNAVAILABLE if the runtime or the machine has none. `memoryPoolInitSizeMb` is
   * the memory that Paddle reserves at first, `precision` turns on mixed precision (`fp16`, `bf16`). Paddle 2.6, 3.x;
   * GPU builds.
   */
  enableUseGpu(memoryPoolInitSizeMb: number, deviceId = 0, precision: Precision = 'fp32'): void {
    checkInteger('memoryPoolInitSizeMb', memoryPoolInitSizeMb, 1);
    checkInteger('deviceId', deviceId, 0);
    this.record('EnableUseGpu', memoryPoolInitSizeMb, deviceId, precisionCode('precision', precision));
  }

  /** Whether Paddle will use a GPU, read back from Paddle. */
  useGpu(): Promise<boolean> {
    return this.flag('use_gpu');
  }

  /** The GPU's number, read back from Paddle. */
  gpuDeviceId(): Promise<number> {
    return this.number('gpu_device_id');
  }

  /** The initial GPU memory pool in MB, read back from Paddle. */
  memoryPoolInitSizeMb(): Promise<number> {
    return this.number('memory_pool_init_size_mb');
  }

  /** The initial share of the GPU's memory, 0 to 1, read back from Paddle. */
  fractionOfGpuMemoryForPool(): Promise<number> {
    return this.number('fraction_of_gpu_memory_for_pool');
  }

  /** cuDNN for convolutions. Paddle 2.6, 3.x; GPU builds. */
  enableCudnn(): void {
    this.record('EnableCUDNN');
  }

  /** A CUDA stream for each predictor instead of one for all. Paddle 2.6, 3.x; GPU builds. */
  enableGpuMultiStream(): void {
    this.record('EnableGpuMultiStream');
  }

  /** Operator types that run in mixed precision. Paddle 2.6, 3.x; GPU builds. */
  expEnableMixedPrecisionOps(operators: readonly string[]): void {
    this.record('Exp_EnableMixedPrecisionOps', checkNames('operators', operators));
  }

  /** Operator types that mixed precision keeps in 32 bits. Paddle 2.6, 3.x; GPU builds. */
  expDisableMixedPrecisionOps(operators: readonly string[]): void {
    this.record('Exp_DisableMixedPrecisionOps', checkNames('operators', operators));
  }

  /** Inputs and outputs in the low precision as well. Paddle 2.6, 3.x; GPU builds. */
  enableLowPrecisionIo(enabled = true): void {
    this.record('EnableLowPrecisionIO', checkBoolean('enabled', enabled));
  }

  /** CUTLASS for fused operators. Paddle 2.6, 3.x; GPU builds that have it. */
  expEnableUseCutlass(): void {
    this.record('Exp_EnableUseCutlass');
  }

  /** Reuses buffers of sparse convolutions with these kernels and strides. Paddle 3.3; GPU builds. */
  expSparseConvUsingBuffer(kernels: readonly (readonly number[])[], strides: readonly (readonly number[])[]): void {
    this.record('Exp_SparseConvUsingBuffer', checkLists('kernels', kernels), checkLists('strides', strides));
  }

  /** Compiles the program with CINN. Paddle 2.6, 3.x; GPU builds with CINN. */
  enableCinn(): void {
    this.record('EnableCINN');
  }

  /** Whether CINN is used, read back from Paddle. */
  cinnEnabled(): Promise<boolean> {
    return this.flag('cinn_enabled');
  }
}

function checkLists(name: string, value: readonly (readonly number[])[]): readonly (readonly number[])[] {
  const valid = Array.isArray(value) && value.every((list) => Array.isArray(list) && list.every(Number.isSafeInteger));
  if (!valid) throw invalidArgument(name, 'array of arrays of integers', value);
  return value.map((list) => [...list]);
}
