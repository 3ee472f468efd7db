import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { Config, compareBackends, createPredictor, type Engine, loadModel } from '../../src';
import type { Precision } from '../../src/inference/config';
import { stepsOf } from '../../src/inference/config-steps';
import { whyNoPrecision } from '../../src/inference/cpu-precision';
import { resolveEngine, toConfig } from '../../src/inference/engine';
import { guessInputs } from '../../src/inference/engine-trial/made-up-inputs';
import { startTrial } from '../../src/inference/engine-trial/trial-process';
import { loadLibrary } from '../../src/inference/library';
import { checkModelFiles } from '../../src/inference/model-files';
import { whyNotQuantised } from '../../src/inference/quantised';
import { findCpu } from '../../src/runtime/devices';
import { cpuInfoFile } from '../helpers/processor';
import { demoModel, projectRoot } from '../helpers/project';

const variables = ['PADDLELAB_CPUINFO', 'ONEDNN_MAX_CPU_ISA'] as const;
const before = variables.map((name) => process.env[name]);
afterEach(() => {
  for (const [i, name] of variables.entries()) {
    if (before[i] === undefined) delete process.env[name];
    else process.env[name] = before[i];
  }
});

const all: readonly [Engine, Precision][] = [
  ['plain', 'fp32'],
  ['onednn', 'fp32'],
  ['onednn', 'bf16'],
  ['onednn', 'int8'],
  ['onednn-fused', 'fp32'],
  ['openvino', 'fp32'],
  ['openvino', 'fp16'],
  ['openvino', 'bf16'],
];

describe('what each class of processor lacks', () => {
  test.each<[Parameters<typeof cpuInfoFile>[0], string[]]>([
    ['sse4', ['onednn bf16', 'openvino fp16', 'openvino bf16']],
    ['avx2', ['onednn bf16', 'openvino fp16', 'openvino bf16']],
    ['avx2-ne-convert', ['onednn bf16']],
    ['avx512', ['openvino fp16']],
    ['avx512-bf16', ['openvino fp16']],
    ['avx512-fp16', []],
    ['amx', []],
  ])('%s', async (name, lacking) => {
    const cpu = await findCpu({ PADDLELAB_CPUINFO: cpuInfoFile(name) });
    const missing = all.filter(([engine, precision]) => whyNoPrecision(engine, precision, cpu) !== undefined);
    expect(missing.map((pair) => pair.join(' '))).toEqual(lacking);
  });

  test.each<[string, string[]]>([
    ['AVX2', ['onednn bf16', 'openvino fp16', 'openvino bf16']],
    ['avx512_core', ['openvino fp16']],
    ['AVX512_CORE_FP16', []],
    ['ALL', []],
  ])('AMX, limited by ONEDNN_MAX_CPU_ISA=%s', async (limit, lacking) => {
    const cpu = await findCpu({ PADDLELAB_CPUINFO: cpuInfoFile('amx'), ONEDNN_MAX_CPU_ISA: limit });
    const missing = all.filter(([engine, precision]) => whyNoPrecision(engine, precision, cpu) !== undefined);
    expect(missing.map((pair) => pair.join(' '))).toEqual(lacking);
  });
});

/** The first output of a made-up input, bit by bit; undefined where the engine failed. */
async function outputBits(engine: Engine, precision: Precision): Promise<string | undefined> {
  const program = path.join(demoModel('shapes_cls_mbv3s'), 'inference.pdmodel');
  const params = path.join(demoModel('shapes_cls_mbv3s'), 'inference.pdiparams');
  const { outline } = await checkModelFiles(program, params);
  const config = toConfig(program, params, 'pdmodel', resolveEngine({ engine, precision, threads: 1 }, 'pdmodel'));
  // Compiled models in a cache would be those of another instruction set.
  const cache = await mkdtemp(path.join(tmpdir(), 'paddlelab-precision-'));
  config.setOptimCacheDir(cache);
  const trial = startTrial();
  const runtime = (await loadLibrary(undefined)).runtime.root;
  const request = { runtime, steps: await stepsOf(config), inputs: guessInputs(outline.inputs) };
  const outcome = await trial.ask(request, { timeoutMs: 100_000 });
  trial.end();
  await rm(cache, { recursive: true });
  return outcome.kind === 'ready' ? String(outcome.outputs[0]?.data) : undefined;
}

test.each(['AVX2', 'AVX512_CORE', 'AVX512_CORE_FP16'])(
  'the engines themselves do as the table says, with instructions up to %s',
  async (limit) => {
    delete process.env.PADDLELAB_CPUINFO;
    process.env.ONEDNN_MAX_CPU_ISA = limit;
    const cpu = await findCpu();
    const exact = await outputBits('openvino', 'fp32');
    expect(exact).toMatch(/\d/);
    for (const precision of ['fp16', 'bf16'] as const) {
      const found = await outputBits('openvino', precision);
      const fellBack = found === exact;
      expect(fellBack, precision).toBe(whyNoPrecision('openvino', precision, cpu) !== undefined);
    }
    const exactOnednn = await outputBits('onednn', 'fp32');
    const half = await outputBits('onednn', 'bf16');
    // Without the instructions Paddle either fails (where ONEDNN_MAX_CPU_ISA hides them) or computes in float32.
    const lacks = half === undefined || half === exactOnednn;
    expect(lacks).toBe(whyNoPrecision('onednn', 'bf16', cpu) !== undefined);
  },
);

describe('pretending to be AVX2, a precision that would fall back', () => {
  const directory = demoModel('shapes_det_picodet');
  const refusal =
    /Precision "bf16" of engine "openvino" needs a CPU with AVX-512 or AVX-NE-CONVERT, but this CPU is AVX2/;

  test('is refused by loadModel, with or without a trial', async () => {
    process.env.PADDLELAB_CPUINFO = cpuInfoFile('avx2');
    for (const trial of [true, false]) {
      await expect(loadModel(directory, { engine: 'openvino', precision: 'bf16', trial })).rejects.toMatchObject({
        code: 'ENGINE_UNAVAILABLE',
        message: expect.stringMatching(refusal),
      });
    }
    await expect(loadModel(directory, { engine: 'onednn', precision: 'bf16' })).rejects.toMatchObject({
      code: 'ENGINE_UNAVAILABLE',
    });
  });

  test('is refused by createPredictor', async () => {
    process.env.PADDLELAB_CPUINFO = cpuInfoFile('avx2');
    const config = new Config(path.join(directory, 'model.pdmodel'), path.join(directory, 'model.pdiparams'));
    config.disableGpu();
    config.enableOpenvinoEngine('fp16');
    await expect(createPredictor(config)).rejects.toMatchObject({ code: 'ENGINE_UNAVAILABLE' });
  });

  test('is a row with the reason in a comparison', async () => {
    process.env.PADDLELAB_CPUINFO = cpuInfoFile('avx2');
    const backends = [
      'plain',
      'onednn-bf16',
      'openvino-fp16',
      'openvino-bf16',
      'openvino-runtime-bf16',
      { kind: 'paddle-python', engine: 'openvino', precision: 'bf16' },
      { kind: 'paddle-python', engine: 'plain', precision: 'bf16' },
      { kind: 'paddle-python', engine: 'onednn', precision: 'fp16' },
      { kind: 'paddle-python', engine: 'onednn', precision: 'int8' },
    ] as const;
    const image = path.join(projectRoot, 'notebooks/images/shapes.png');
    const report = await compareBackends(directory, image, { runs: 1, backends: [...backends] });
    const [plain, ...others] = report.rows;
    expect(plain?.kind).toBe('measured');
    for (const row of others) {
      expect(row, row.backend).toMatchObject({
        kind: 'unavailable',
        reason: expect.stringMatching(/needs a CPU with|has no precision|paddle-python only supports/),
      });
    }
  });
});

test('int8 of a model that is not quantised is refused rather than computed in float32', async () => {
  const asked = loadModel(demoModel('shapes_det_picodet'), { engine: 'onednn', precision: 'int8' });
  await expect(asked).rejects.toMatchObject({
    code: 'ENGINE_UNAVAILABLE',
    message: expect.stringMatching(/"int8" was requested, but the model is not quantised/),
  });
});

test.each([
  ['fake_quantize_range_abs_max', 2, undefined],
  ['fake_quantize_dequantize_moving_average_abs_max', 2, undefined],
  ['fake_channel_wise_quantize_abs_max', 2, undefined],
  ['quantize_linear', 2, undefined],
  // The table of operator versions names each once.
  ['quantize_linear', 1, /not quantised/],
  ['conv2d', 5, /not quantised/],
])('a program with %s %d times', async (name, times, expected) => {
  const folder = await mkdtemp(path.join(tmpdir(), 'paddlelab-quantised-'));
  const program = path.join(folder, 'model.pdmodel');
  await writeFile(program, Array(times).fill(name).join('\0'));
  const reason = await whyNotQuantised(program);
  if (expected === undefined) expect(reason).toBeUndefined();
  else expect(reason).toMatch(expected);
  await rm(folder, { recursive: true });
});

test('a processor to pretend that can not be read is an error, not a processor without features', async () => {
  await expect(findCpu({ PADDLELAB_CPUINFO: '/no/such/cpuinfo' })).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
});
