import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { Config, createPredictor, getTrtCompileVersion } from '../../src';
import { configMethods, isInRange } from '../../src/inference/config/methods';
import { loadLibrary } from '../../src/inference/library';
import { listRuntimes } from '../../src/runtime';
import { findDevices } from '../../src/runtime/devices';
import { coverageWords, coversCard, gpuCodeOf, refuseUncoveredCard } from '../../src/runtime/gpu-coverage';
import { inspectFolder } from '../../src/runtime/inspect';
import { makeFolder } from '../helpers/folders';
import { demoModel } from '../helpers/project';

const directory = demoModel('shapes_det_picodet');

const inputs = {
  image: { shape: [1, 3, 256, 256], data: new Float32Array(3 * 65_536).fill(0.3) },
  scale_factor: { shape: [1, 2], data: Float32Array.of(1, 1) },
};

function modelConfig(): Config {
  return new Config(path.join(directory, 'model.pdmodel'), path.join(directory, 'model.pdiparams'));
}

describe('GPU builds', async () => {
  const { gpus } = await findDevices();
  const gpuRuntime = (await listRuntimes()).find((runtime) => runtime.device === 'gpu');
  if (gpuRuntime === undefined) {
    process.stderr.write('SKIPPED: no GPU build of Paddle is installed (npx paddlelab runtime install --gpu)\n');
  }
  if (gpus.length === 0) process.stderr.write('SKIPPED: runs on a GPU, because this machine has none\n');

  describe.skipIf(gpuRuntime === undefined)('the GPU wheel', () => {
    const runtime = gpuRuntime?.path ?? '';

    test('has every method, including GPU and TensorRT', async () => {
      const library = await loadLibrary(runtime);
      expect(library.runtime.build.device).toBe('gpu');
      for (const [name, { versions }] of configMethods) {
        expect(library.configMethods.has(name), name).toBe(isInRange(library.runtime.version, versions));
      }
      expect((await getTrtCompileVersion())[0]).toBeGreaterThanOrEqual(8);
    });

    test('lists the cards it has code for, and is refused on others', async () => {
      const wheel = await inspectFolder(runtime, 'managed');
      const cache = makeFolder();
      const code = await gpuCodeOf(wheel, cache);
      expect(code.length).toBeGreaterThan(0);
      if (wheel.version === '2.6.2') {
        expect(coverageWords(code)).toBe('6.1, 7.0, 7.5, 8.0, 8.6 and no PTX');
        for (const capability of [61, 75, 80, 86, 89]) expect(coversCard(code, capability)).toBe(true);
        for (const capability of [60, 90, 100, 120]) expect(coversCard(code, capability)).toBe(false);
        const h100 = { index: 0, name: 'H100', memory: 2 ** 36, driver: '550.54', computeCapability: 90 };
        const refused = refuseUncoveredCard(wheel, 0, [h100], {}, cache);
        await expect(refused).rejects.toMatchObject({ code: 'DEVICE_UNAVAILABLE' });
      }
    });

    test('runs on the CPU as well', async () => {
      const config = modelConfig();
      config.disableGpu();
      await using predictor = await createPredictor(config, { runtime, trial: false });
      expect(predictor.settings.device).toBe('cpu');
      expect(await predictor.run(inputs)).toHaveLength(2);
    });

    test.skipIf(gpus.length > 0)('accepts all settings, and reports at creation that there is no GPU', async () => {
      for (const tensorrt of [false, true]) {
        const config = modelConfig();
        config.enableUseGpu(100, 0, 'fp16');
        config.enableGpuMultiStream();
        config.enableCudnn();
        config.expEnableMixedPrecisionOps(['conv2d']);
        config.expDisableMixedPrecisionOps(['softmax']);
        config.enableLowPrecisionIo();
        if (tensorrt) addTensorRt(config);
        const created = createPredictor(config, { runtime });
        // TensorRT's own library is not in any wheel, so it may be missing first.
        const missing = tensorrt
          ? /finds no such GPU|TensorRT dynamic library is not found/
          : /finds no such GPU on this machine/;
        await expect(created).rejects.toThrow(missing);
        await expect(created).rejects.toMatchObject({ code: expect.stringMatching(/^(DEVICE|ENGINE)_UNAVAILABLE$/) });
      }
    });

    test.skipIf(gpus.length === 0)('runs on the GPU with the CPU’s results', async () => {
      const onCpu = modelConfig();
      onCpu.disableOnednn();
      await using cpu = await createPredictor(onCpu, { runtime, trial: false });
      const config = modelConfig();
      config.enableUseGpu(500, 0);
      await using gpu = await createPredictor(config, { runtime });
      expect(gpu.settings.device).toBe('gpu');
      const [expected] = await cpu.run(inputs);
      const [found] = await gpu.run(inputs);
      expect(found?.shape).toEqual(expected?.shape);
      // Scores of the best boxes; convolutions add up in another order on a GPU.
      expect(Math.abs(Number(found?.data[1]) - Number(expected?.data[1]))).toBeLessThan(1e-3);
    });

    test.skipIf(gpus.length === 0)('runs on TensorRT with collected shapes', async () => {
      const config = modelConfig();
      config.enableUseGpu(500, 0);
      addTensorRt(config);
      await using predictor = await createPredictor(config, { runtime });
      expect(predictor.settings.tensorrt).toBe(true);
      expect(await predictor.run(inputs)).toHaveLength(2);
    });
  });
});

function addTensorRt(config: Config): void {
  config.enableTensorrtEngine({ workspaceSize: 2 ** 28, precision: 'fp16', minSubgraphSize: 10 });
  const image = [1, 3, 256, 256];
  const scale = [1, 2];
  config.setTrtDynamicShapeInfo({
    image: { min: image, opt: image, max: image },
    scale_factor: { min: scale, opt: scale, max: scale },
  });
  config.setTensorrtOptimizationLevel(2);
  config.enableTensorrtInspector();
  config.enableTensorrtMemoryOptim();
  config.expDisableTensorrtOps(['multiclass_nms3']);
  config.markTrtEngineOutputs([]);
}
