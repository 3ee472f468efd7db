import type { GpuDevice } from '../runtime/devices';
import { capabilityWords, cardsOf } from '../runtime/gpu-coverage';
import type { Precision } from './config/precision';

/** The ways to run a network on a GPU: Paddle's own kernels, or TensorRT. */
export type GpuEngine = 'gpu' | 'tensorrt';

/** Whether cards of a compute capability (times ten) support a precision. Precisions not listed work on every card. */
type Can = (capability: number) => boolean;

const halfInKernels: Can = (capability) => capability >= 53;
const bfloat16: Can = (capability) => capability >= 80;

/**
 * TensorRT 8's support matrix: for a precision that a card is not listed for, Paddle's TensorRT engine computes in
 * float32 and only logs that. Pascal consumer cards (6.1) have fast 8-bit integers but no fast half floats; 6.0 and 6.2
 * the reverse.
 */
const able: Readonly<Record<GpuEngine, Partial<Record<Precision, Can>>>> = {
  gpu: { fp16: halfInKernels, bf16: bfloat16 },
  tensorrt: {
    fp16: (capability) => halfInKernels(capability) && capability !== 61,
    bf16: bfloat16,
    int8: (capability) => capability === 61 || capability >= 70,
  },
};

/**
 * Why a card does not support a precision; undefined if it does, or if that is uncertain: its capability is unknown, or
 * the device number may mean one of several cards.
 */
export function whyNoGpuPrecision(
  engine: GpuEngine,
  precision: Precision,
  deviceId: number,
  gpus: readonly GpuDevice[],
  environment: NodeJS.ProcessEnv = process.env,
): string | undefined {
  const can = able[engine][precision];
  const cards = cardsOf(deviceId, gpus, environment);
  if (can === undefined || cards.length === 0) return undefined;
  if (cards.some(({ computeCapability: own }) => own === undefined || can(own))) return undefined;
  const names = cards.map(
    ({ name, computeCapability: own = 0 }) => `${name} (compute capability ${capabilityWords(own)})`,
  );
  const runs = engine === 'gpu' ? 'Paddle on a GPU' : 'TensorRT';
  return `${runs} does not compute in precision "${precision}" on gpu:${deviceId}, ${[...new Set(names)].join(' or ')}`;
}
