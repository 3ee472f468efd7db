import { existsSync } from 'node:fs';
import { copyFile, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import {
  Config,
  convertToMixedPrecision,
  createPredictor,
  getNumBytesOfDataType,
  getTrtRuntimeVersion,
  jupyterDisplay,
} from '../../src';
import { configMethods } from '../../src/inference/config/methods';
import { whereItIs } from '../../src/inference/config/methods-check';
import { ConfigRecorder } from '../../src/inference/config/recorder';
import { checkCustomDevice } from '../../src/inference/custom-device';
import { resolveEngine, toConfig } from '../../src/inference/engine';
import { makeFolder } from '../helpers/folders';
import { demoModel } from '../helpers/project';
import { identityConfig } from '../helpers/tiny-model';

const directory = demoModel('shapes_det_picodet');
const program = path.join(directory, 'model.pdmodel');
const params = path.join(directory, 'model.pdiparams');
const inputs = {
  image: { shape: [1, 3, 256, 256], data: new Float32Array(3 * 65_536) },
  scale_factor: { shape: [1, 2], data: Float32Array.of(1, 1) },
};

/** Every setting, with what Paddle answers to a getter afterwards, or the row of its summary. */
const settings: readonly [string, (config: Config) => unknown, ((config: Config) => unknown)?, unknown?][] = [
  ['setCpuMathLibraryNumThreads', (it) => it.setCpuMathLibraryNumThreads(3), (it) => it.cpuMathLibraryNumThreads(), 3],
  ['enableOnednn', (it) => it.enableOnednn(), (it) => it.onednnEnabled(), true],
  ['disableOnednn', (it) => it.disableOnednn(), (it) => it.onednnEnabled(), false],
  ['setOnednnCacheCapacity', (it) => it.setOnednnCacheCapacity(7), row('mkldnn_cache_capacity'), '7'],
  ['setOnednnOp', (it) => it.setOnednnOp(['conv2d'])],
  ['enableOnednnBfloat16', (it) => it.enableOnednnBfloat16()],
  ['setBfloat16Op', (it) => [it.enableOnednnBfloat16(), it.setBfloat16Op(['conv2d'])]],
  [
    'enableOnednnInt8',
    (it) => [it.enableOnednn(), it.enableOnednnInt8(['conv2d'])],
    (it) => it.onednnInt8Enabled(),
    true,
  ],
  ['disableOnednnFcPasses', (it) => it.disableOnednnFcPasses()],
  ['enableOpenvinoEngine', (it) => it.enableOpenvinoEngine(), (it) => it.openvinoEngineEnabled(), true],
  ['enableOpenvinoEngine bf16', (it) => it.enableOpenvinoEngine('bf16'), row('openvino_inference_precision'), 'bf16'],
  ['disableOnnxruntime', (it) => it.disableOnnxruntime(), (it) => it.onnxruntimeEnabled(), false],
  ['disableGpu', (it) => it.disableGpu(), (it) => it.useGpu(), false],
  ['switchIrOptim', (it) => it.switchIrOptim(false), (it) => it.irOptim(), false],
  ['setOptimizationLevel', (it) => it.setOptimizationLevel(3)],
  ['enableNewIr', (it) => it.enableNewIr(), (it) => it.newIrEnabled(), true],
  ['enableNewExecutor', (it) => it.enableNewExecutor()],
  ['enableCustomPasses', (it) => it.enableCustomPasses(['constant_folding_pass'])],
  ['enableMemoryOptim', (it) => it.enableMemoryOptim(), (it) => it.memoryOptimEnabled(), true],
  ['enableProfile', (it) => it.enableProfile(), row('enable_profile'), 'true'],
  ['enableGlogInfo', (it) => it.enableGlogInfo(), (it) => it.glogInfoDisabled(), false],
  ['disableGlogInfo', (it) => it.disableGlogInfo(), (it) => it.glogInfoDisabled(), true],
  ['switchUseFeedFetchOps', (it) => it.switchUseFeedFetchOps(false), (it) => it.useFeedFetchOpsEnabled(), false],
  ['switchSpecifyInputNames', (it) => it.switchSpecifyInputNames(), (it) => it.specifyInputName(), true],
  ['disableFcPadding', (it) => it.disableFcPadding()],
  ['useOptimizedModel', (it) => it.useOptimizedModel(), row('use_optimized_model'), 'true'],
  ['enableSaveOptimModel', (it) => it.enableSaveOptimModel(), row('save_optimized_model'), 'true'],
  ['collectShapeRangeInfo', (it) => it.collectShapeRangeInfo('f'), (it) => it.shapeRangeInfoCollected(), true],
  ['switchIrDebug', (it) => it.switchIrDebug(), row('ir_debug'), 'true'],
  ['switchIrDebug of passes', (it) => it.switchIrDebug(true, ['fc_fuse_pass']), row('ir_debug'), 'true'],
];

function row(option: string): (config: Config) => Promise<string | undefined> {
  return async (config) => (await config.summary()).get(option);
}

describe('a Config', () => {
  test.each(settings)('%s', async (_, set, get, expected) => {
    const config = new Config(program, params);
    set(config);
    expect(config.steps()[0]?.method).toBe('SetModel');
    if (get === undefined) await config.summary();
    else expect(await get(config)).toEqual(expected);
  });

  test('answers what Paddle defaults to', async () => {
    const config = new Config();
    expect(await config.onednnEnabled()).toBe(true);
    expect(await config.memoryPoolInitSizeMb()).toBe(100);
    expect(await config.gpuDeviceId()).toBe(0);
    expect(await config.fractionOfGpuMemoryForPool()).toBe(0);
    expect(await config.cinnEnabled()).toBe(false);
    expect([await config.useXpu(), await config.xpuDeviceId()]).toEqual([false, 0]);
    expect(await config.tensorrtOptimizationLevel()).toBe(3);
    expect(await config.tensorrtPrecisionMode()).toBe('fp32');
    const flags = [
      ...[config.tensorrtEngineEnabled(), config.tensorrtDynamicShapeEnabled(), config.tunedTensorrtDynamicShape()],
      ...[config.trtAllowBuildAtRuntime(), config.tensorrtDlaEnabled(), config.tensorrtVarseqlenEnabled()],
      ...[config.tensorrtInspectorEnabled(), config.tensorrtExplicitQuantizationEnabled()],
    ];
    expect(new Set(await Promise.all(flags))).toEqual(new Set([false]));
    expect(await getTrtRuntimeVersion()).toEqual([0, 0, 0]);
  });

  test('shows itself as a table', async () => {
    const summary = await identityConfig().summary();
    expect(summary.get('enable_mkldnn')).toBe('false');
    expect(summary.rows.length).toBeGreaterThan(12);
    const shown = summary[jupyterDisplay]();
    expect(shown['text/html']).toContain('<td>enable_mkldnn</td><td>false</td>');
    expect(shown['text/plain']).toBe(summary.text);
  });

  test('is copied with its model and settings, which then go their own ways', () => {
    const config = new Config(program, params);
    config.setCpuMathLibraryNumThreads(3);
    const copy = new Config(config);
    copy.disableOnednn();
    expect(copy.progFile).toBe(program);
    expect(copy.has('SetCpuMathLibraryNumThreads')).toBe(true);
    expect(config.has('DisableONEDNN')).toBe(false);
    copy.setProgFile('a');
    copy.setParamsFile('b');
    expect([copy.progFile, copy.paramsFile, config.progFile]).toEqual(['a', 'b', program]);
    const memory = new Config();
    memory.setModelBuffer(Buffer.alloc(1), Buffer.alloc(1));
    expect([memory.modelFromMemory, memory.progFile, memory.modelDir]).toEqual([true, '', '']);
  });

  test('records nothing that its list of methods does not know', () => {
    class Probe extends Config {
      names(): string[] {
        return this.recorded.map((step) => step.method);
      }
    }
    const config = new Probe();
    for (const [, set] of settings) set(config);
    config.enableUseGpu(100, 1, 'fp16');
    config.enableTensorrtEngine({ precision: 'int8', useStatic: true });
    config.setTrtDynamicShapeInfo({ x: { min: [1], opt: [2], max: [3] } });
    for (const name of config.names()) expect(configMethods.has(name), name).toBe(true);
    expect(config).toBeInstanceOf(ConfigRecorder);
  });

  test('changes the list of passes', async () => {
    const config = new Config();
    config.disableOnednn();
    const before = await config.passBuilder().allPasses();
    expect(before).toContain('conv_bn_fuse_pass');
    config.passBuilder().deletePass('conv_bn_fuse_pass');
    config.passBuilder().appendPass('last_pass');
    await config.passBuilder().insertPass(0, 'first_pass');
    const after = await config.passBuilder().allPasses();
    expect(after).toEqual(['first_pass', ...before.filter((name) => name !== 'conv_bn_fuse_pass'), 'last_pass']);
    await expect(config.passBuilder().insertPass(999, 'x')).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    config.passBuilder().setPasses(['fc_fuse_pass']);
    expect(await config.passBuilder().allPasses()).toEqual(['fc_fuse_pass']);
    const analysis = await config.passBuilder().analysisPasses();
    config.passBuilder().appendAnalysisPass('another');
    const [last] = analysis.slice(-1);
    expect(await config.passBuilder().analysisPasses()).toEqual([...analysis.slice(0, -1), 'another', last]);
    expect(await config.passBuilder().debugString()).toContain('fc_fuse_pass');
    config.passBuilder().turnOnDebug();
    config.deletePass('fc_fuse_pass');
    expect((await config.passBuilder().allPasses()).filter((name) => name === 'fc_fuse_pass')).toEqual([]);
  });

  test.each<[string, (config: Config) => void, string, RegExp]>([
    ['a GPU', (it) => it.enableUseGpu(100), 'DEVICE_UNAVAILABLE', /A GPU was requested \(EnableUseGpu\)/],
    ['TensorRT', (it) => it.enableTensorrtEngine(), 'DEVICE_UNAVAILABLE', /TensorRT was requested/],
    ['an XPU', (it) => it.enableXpu(), 'DEVICE_UNAVAILABLE', /compile with option 'WITH_XPU'/],
    ['an IPU', (it) => it.enableIpu(), 'DEVICE_UNAVAILABLE', /WITH_IPU/],
    ['a custom device', (it) => it.enableCustomDevice('npu'), 'DEVICE_UNAVAILABLE', /"npu" needs a plug-in/],
    [
      'ONNX Runtime',
      (it) => it.enableOnnxruntime(),
      'ENGINE_UNAVAILABLE',
      /this build of Paddle .* does not have ONNX Runtime/,
    ],
    ['optimisation of an ONNX Runtime', (it) => it.enableOrtOptimization(), 'ENGINE_UNAVAILABLE', /ONNX Runtime/],
    ['CINN', (it) => it.enableCinn(), 'ENGINE_UNAVAILABLE', /not compiled with CINN/],
    [
      'an XPU number without an XPU',
      (it) => it.setXpuDeviceId(1),
      'INVALID_ARGUMENT',
      /has no effect without EnableXpu/,
    ],
    [
      'settings of an IPU without one',
      (it) => it.setIpuConfig(),
      'INVALID_ARGUMENT',
      /has no effect without EnableIpu/,
    ],
    ['int8 without oneDNN', (it) => it.enableOnednnInt8(), 'INVALID_ARGUMENT', /needs oneDNN, which disableOnednn/],
    ['the new IR alone', (it) => it.enableNewIr(), 'INVALID_ARGUMENT', /needs enableNewExecutor/],
  ])('refuses %s, which this build would pass over or die of', async (_, set, code, message) => {
    const config = identityConfig();
    set(config);
    await expect(createPredictor(config, { trial: false })).rejects.toMatchObject({ code });
    await expect(createPredictor(config, { trial: false })).rejects.toThrow(message);
  });

  test('takes a custom device for real only where a plug-in for it lies', async () => {
    const folder = makeFolder();
    await writeFile(path.join(folder, 'libnpu.so'), 'ELF \0npu\0 …', 'latin1');
    vi.stubEnv('CUSTOM_DEVICE_ROOT', folder);
    try {
      await expect(checkCustomDevice('npu')).resolves.toBeUndefined();
      await expect(checkCustomDevice('mlu')).rejects.toThrow(/needs a plug-in of Paddle for it, but there is none in/);
    } finally {
      vi.unstubAllEnvs();
    }
  });

  test.each<[string, () => unknown]>([
    ['no model', () => createPredictor(new Config())],
    ['no Config', () => createPredictor({} as Config)],
    ['unknown precision', () => new Config().enableOpenvinoEngine('fp8' as 'fp16')],
    ['0 threads', () => new Config().setCpuMathLibraryNumThreads(0)],
    ['names that are none', () => new Config().setOnednnOp([7] as unknown as string[])],
    ['a model that is no bytes', () => new Config().setModelBuffer('x' as unknown as Uint8Array, Buffer.alloc(1))],
    ['shapes out of order', () => new Config().setTrtDynamicShapeInfo({ x: { min: [2], opt: [1], max: [3] } })],
    ['shapes of other ranks', () => new Config().setTrtDynamicShapeInfo({ x: { min: [1], opt: [1], max: [1, 1] } })],
    ['an optimisation level of 6', () => new Config().setTensorrtOptimizationLevel(6)],
    ['feed and fetch operators', () => new Config().switchUseFeedFetchOps(true as false)],
    ['a share of 2', () => new Config().setIpuConfig({ availableMemoryProportion: 2 })],
    ['a type that is none', () => getNumBytesOfDataType('int128' as 'int8')],
  ])('refuses %s', async (_, use) => {
    await expect((async () => use())()).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });

  test('finds no model where there is none', () => {
    expect(() => new Config(directory)).toThrow(/Expected a directory with __model__/);
    expect(() => new Config(directory, 'other')).toThrow(/other.json or .*other.pdmodel but neither exists/);
  });
});

describe('what a predictor leaves behind', () => {
  test('drawings of the program where asked, the optimised program, and shapes', async () => {
    const folder = makeFolder();
    const config = new Config(program, params);
    config.disableOnednn();
    config.setOptimCacheDir(folder);
    config.switchIrDebug();
    config.enableSaveOptimModel();
    await (await createPredictor(config, { trial: false })).dispose();
    const names = await readdir(folder);
    expect(names.some((name) => name.endsWith('.dot'))).toBe(true);
    expect(names.some((name) => name.endsWith('_optimized.pdmodel'))).toBe(true);

    const collecting = new Config(program, params);
    const shapes = path.join(folder, 'shapes.pbtxt');
    collecting.collectShapeRangeInfo(shapes);
    expect(collecting.shapeRangeInfoPath).toBe(shapes);
    const predictor = await createPredictor(collecting, { trial: false });
    await predictor.run(inputs);
    expect(existsSync(shapes)).toBe(false);
    await predictor.dispose();
    expect(await readFile(shapes, 'utf8')).toMatch(/name: "image"[^}]*min_shape: 256/);
  });

  test('nothing of a model in memory', async () => {
    const folder = makeFolder();
    vi.stubEnv('TMPDIR', folder);
    try {
      const config = new Config();
      config.setModelBuffer(await readFile(path.join(directory, 'model.json')), await readFile(params));
      config.disableOnednn();
      const predictor = await createPredictor(config, { trial: false });
      const clone = await predictor.clone();
      await predictor.dispose();
      await clone.run(inputs);
      await clone.dispose();
      const damaged = new Config();
      damaged.setModelBuffer(Buffer.from('{'), Buffer.alloc(1));
      await expect(createPredictor(damaged)).rejects.toMatchObject({ code: 'MODEL_DAMAGED' });
      expect(await readdir(folder)).toEqual([]);
    } finally {
      vi.unstubAllEnvs();
    }
  });

  test('a model in half precision that runs', async () => {
    const folder = path.join(makeFolder(), 'deep');
    const mixed = [path.join(folder, 'm.pdmodel'), path.join(folder, 'm.pdiparams')] as const;
    await convertToMixedPrecision(program, params, ...mixed, 'fp16', 'gpu', { blackList: ['conv2d'] });
    await using predictor = await createPredictor(new Config(...mixed), { trial: false });
    expect(predictor.inputNames).toEqual(['image', 'scale_factor']);
    const json = path.join(directory, 'model.json');
    await expect(convertToMixedPrecision(json, params, ...mixed, 'fp16')).rejects.toMatchObject({
      code: 'MODEL_UNSUPPORTED',
    });
  });
});

test('a program is taken for what it holds, whatever its name', async () => {
  const folder = makeFolder();
  await copyFile(path.join(directory, 'model.json'), path.join(folder, 'program'));
  await symlink(program, path.join(folder, 'old.json'));
  for (const name of ['program', 'old.json']) {
    const config = new Config(path.join(folder, name), params);
    config.disableOnednn();
    await using predictor = await createPredictor(config, { trial: false });
    expect(await predictor.run(inputs)).toHaveLength(2);
  }
});

describe('the plain form', () => {
  test('refuses what contradicts itself, with the reason', () => {
    const refused = (options: Parameters<typeof resolveEngine>[0]): unknown => {
      try {
        return resolveEngine(options, 'pdmodel');
      } catch (error) {
        return (error as Error).message;
      }
    };
    expect(refused({ device: 'cpu', tensorrt: true })).toMatch(/TensorRT runs on a GPU only; use device: "gpu"/);
    expect(refused({ device: 'gpu', engine: 'onednn' })).toMatch(/runs on the CPU only/);
    expect(refused({ device: 'gpu', precision: 'int8' })).toMatch(/through TensorRT only/);
    expect(refused({ engine: 'plain', precision: 'bf16' })).toMatch(/has no precision "bf16" on a CPU; it has fp32/);
    expect(refused({ device: 'gpu', tensorrt: { shapes: {}, shapeFile: 'x' } })).toMatch(/either shapes or shapeFile/);
    expect(refused({ device: 'gpu', tensorrt: { cachDir: 'x' } as object })).toMatch(/did you mean "cacheDir"/);
    expect(refused({ device: 'tpu' as 'cpu' })).toMatch(/Expected "cpu", "gpu" or "gpu:N" for device/);
  });

  test('becomes the calls that it stands for', () => {
    const tensorrt = { cacheDir: '/cache', shapes: { x: { min: [1], opt: [2], max: [4] } }, disabledOps: ['pool2d'] };
    const settings = resolveEngine({ device: 'gpu:1', precision: 'fp16', tensorrt }, 'pdmodel');
    const calls = toConfig(program, params, 'pdmodel', settings).steps();
    expect(calls.map(({ method, arguments: values }) => [method, ...values])).toEqual([
      ['SetModel', program, params],
      ['DisableGlogInfo'],
      ['EnableUseGpu', 200, 1, 0],
      ['EnableTensorRtEngine', 2 ** 30, 1, 3, 2, true, false, false],
      ['SetOptimCacheDir', '/cache'],
      ['SetTRTDynamicShapeInfo', { x: [1] }, { x: [4] }, { x: [2] }, false],
      ['Exp_DisableTensorRtOPs', ['pool2d']],
      ['EnableMemoryOptim', true],
    ]);
  });
});

test('bytes of the element types', () => {
  const types = ['float32', 'int64', 'int32', 'uint8', 'int8', 'float16', 'bool', 'float64', 'bfloat16'] as const;
  expect(types.map(getNumBytesOfDataType)).toEqual([4, 8, 4, 1, 1, 2, 1, 8, 2]);
});

test('a method that an older Paddle lacks: the version to install, but not on arm64, which has no newer one', () => {
  expect(whereItIs('x64')).toContain('npx paddlelab runtime install --version 3.3.1');
  expect(whereItIs('arm64')).not.toContain('runtime install');
});
