import { expect, test } from 'vitest';
import { type GpuEngine, whyNoGpuPrecision } from '../../src/inference/gpu-precision';
import type { GpuDevice } from '../../src/runtime/devices';

const card = (computeCapability: number | undefined, index = 0): GpuDevice => ({
  index,
  name: `Card ${computeCapability}`,
  memory: 2 ** 34,
  driver: '550',
  ...(computeCapability === undefined ? {} : { computeCapability }),
});

/** The precisions beside fp32, by engine, that a card of each capability has; of TensorRT, as its support matrix says. */
test.each<[number, string, string]>([
  [50, '', ''],
  [53, 'fp16', 'fp16'],
  [60, 'fp16', 'fp16'],
  [61, 'fp16', 'int8'],
  [70, 'fp16', 'fp16 int8'],
  [75, 'fp16', 'fp16 int8'],
  [80, 'fp16 bf16', 'fp16 bf16 int8'],
  [90, 'fp16 bf16', 'fp16 bf16 int8'],
])('a card of compute capability %d', (capability, kernels, tensorrt) => {
  const precisionsOf = (engine: GpuEngine): string =>
    (['fp16', 'bf16', 'int8'] as const)
      // Paddle's own kernels have no int8, which is refused before.
      .filter((precision) => engine === 'tensorrt' || precision !== 'int8')
      .filter((precision) => whyNoGpuPrecision(engine, precision, 0, [card(capability)], {}) === undefined)
      .join(' ');
  expect([precisionsOf('gpu'), precisionsOf('tensorrt')]).toEqual([kernels, tensorrt]);
  expect(whyNoGpuPrecision('gpu', 'fp32', 0, [card(capability)], {})).toBeUndefined();
});

test('says which card lacks what, and only where that is sure', () => {
  expect(whyNoGpuPrecision('tensorrt', 'fp16', 0, [card(61)], {})).toBe(
    'TensorRT does not compute in precision "fp16" on gpu:0, Card 61 (compute capability 6.1)',
  );
  const both = [card(61), card(75, 1)];
  expect(whyNoGpuPrecision('tensorrt', 'fp16', 0, both, {})).toBeUndefined();
  expect(whyNoGpuPrecision('tensorrt', 'fp16', 0, both, { CUDA_DEVICE_ORDER: 'PCI_BUS_ID' })).toMatch(/Card 61/);
  expect(whyNoGpuPrecision('tensorrt', 'fp16', 0, [card(undefined)], {})).toBeUndefined();
  expect(whyNoGpuPrecision('tensorrt', 'fp16', 0, [], {})).toBeUndefined();
});
