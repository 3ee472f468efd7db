import { copyFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Config, createPredictor, type Predictor, type TensorInput } from '../../src';
import { makeFolder } from '../helpers/folders';
import { demoModel, runScript } from '../helpers/project';

const directory = demoModel('shapes_det_picodet');
const program = path.join(directory, 'model.pdmodel');
const params = path.join(directory, 'model.pdiparams');

function plainConfig(threads = 2): Config {
  const config = new Config(program, params);
  config.disableGpu();
  config.disableOnednn();
  config.setCpuMathLibraryNumThreads(threads);
  return config;
}

function inputsOf(batch: number, value = 0.25): Record<string, TensorInput> {
  return {
    image: { shape: [batch, 3, 256, 256], data: new Float32Array(batch * 3 * 256 * 256).fill(value) },
    scale_factor: { shape: [batch, 2], data: new Float32Array(batch * 2).fill(1) },
  };
}

describe('a predictor', () => {
  let predictor: Predictor;
  beforeAll(async () => {
    predictor = await createPredictor(plainConfig());
  });
  afterAll(() => predictor.dispose());

  test('tells its inputs, outputs and what it really runs on', () => {
    expect(predictor.inputs).toEqual([
      { name: 'image', dtype: 'float32', shape: [-1, 3, 256, 256] },
      { name: 'scale_factor', dtype: 'float32', shape: [1, 2] },
    ]);
    expect(predictor.outputNames).toHaveLength(2);
    expect(predictor.settings).toMatchObject({ device: 'cpu', onednn: false, openvino: false, tensorrt: false });
    expect(predictor.runtime.version).toBe('3.3.1');
  });

  test('times runs one after the other, in less than there is', async () => {
    const before = performance.now();
    const milliseconds = await predictor.timeRuns([inputsOf(1), inputsOf(2)], { warmup: 1, runs: 4 });
    expect(milliseconds).toHaveLength(4);
    expect(Math.min(...milliseconds)).toBeGreaterThan(0);
    expect(milliseconds.reduce((sum, ms) => sum + ms, 0)).toBeLessThanOrEqual(performance.now() - before);
    expect(await predictor.timeRuns(inputsOf(1), { warmup: 0, maxMs: 0 })).toHaveLength(1);
    const endless = { warmup: 0, runs: Number.MAX_SAFE_INTEGER, maxMs: 1 };
    expect((await predictor.timeRuns(inputsOf(1), endless)).length).toBeGreaterThan(0);
    await expect(predictor.run()).rejects.toThrow(/was not fed/);
  });

  test('gives timed runs up when asked to, and says what is wrong with them', async () => {
    const signal = AbortSignal.timeout(50);
    const given = predictor.timeRuns(inputsOf(1), { runs: 1e6, signal });
    await expect(given).rejects.toMatchObject({ code: 'ABORTED' });
    await expect(predictor.run(inputsOf(1))).resolves.toHaveLength(2);
    await expect(predictor.timeRuns([])).rejects.toThrow(/inputs of one run or more/);
    await expect(predictor.timeRuns(inputsOf(1), { runs: 0 })).rejects.toThrow('integer ≥ 1 for runs');
    await expect(predictor.timeRuns(inputsOf(1), { run: 3 } as object)).rejects.toThrow('did you mean "runs"?');
  });

  test('queues runs that are asked for at once, and answers each with its own result', async () => {
    const alone = [await predictor.run(inputsOf(1, 0.1)), await predictor.run(inputsOf(1, 0.9))];
    const together = await Promise.all([predictor.run(inputsOf(1, 0.1)), predictor.run(inputsOf(1, 0.9))]);
    expect(together.map((outputs) => outputs[0]!.data)).toEqual(alone.map((outputs) => outputs[0]!.data));
    expect(alone[0]![0]!.data).not.toEqual(alone[1]![0]!.data);
  });

  test('leaves the event loop free: a 10 ms timer keeps firing while a prediction of a second runs', async () => {
    // As many images as make a run of a second on this machine, whatever its speed.
    const before = performance.now();
    await predictor.run(inputsOf(4));
    const perImage = (performance.now() - before) / 4;
    const batch = Math.min(256, Math.ceil(1200 / perImage));
    let fired = 0;
    const timer = setInterval(() => fired++, 10);
    const started = performance.now();
    await predictor.run(inputsOf(batch));
    const elapsed = performance.now() - started;
    clearInterval(timer);
    process.stderr.write(`timer fired ${fired} times in a run of ${Math.round(elapsed)} ms (batch ${batch})\n`);
    // Half of what an idle process would see: a blocked loop sees one.
    expect(fired).toBeGreaterThan(elapsed / 20);
  });

  test.each<[string, () => Record<string, TensorInput>, RegExp]>([
    ['a missing input', () => ({ image: inputsOf(1).image! }), /Expected a tensor for input "scale_factor"/],
    [
      'an unknown input',
      () => ({ ...inputsOf(1), imagee: inputsOf(1).image! }),
      /no input "imagee"; did you mean "image"/,
    ],
    [
      'too few elements',
      () => ({ ...inputsOf(1), image: { shape: [1, 3, 256, 256], data: new Float32Array(7) } }),
      /Expected 196608 \(shape \[1,3,256,256\]\) for image.data.length but received 7 \(number\)/,
    ],
    [
      'another type',
      () => ({ ...inputsOf(1), image: { shape: [1, 3, 256, 256], data: new Int32Array(196_608) } }),
      /Expected float32 for input "image" but received int32/,
    ],
    [
      'another rank',
      () => ({ ...inputsOf(1), image: { shape: [3, 256, 256], data: new Float32Array(196_608) } }),
      /Expected shape \[-1,3,256,256\] \(−1 is any\) for input "image" but received \[3,256,256\]/,
    ],
    [
      'a negative extent',
      () => ({ ...inputsOf(1), image: { shape: [-1, 3, 256, 256], data: new Float32Array(196_608) } }),
      /Expected array of integers ≥ 1 for image.shape/,
    ],
    [
      'a huge extent',
      () => ({ ...inputsOf(1), image: { shape: [1e9, 3, 256, 256], data: new Float32Array(196_608) } }),
      /Expected array of integers ≥ 1 for image.shape/,
    ],
  ])('refuses %s before Paddle sees it', async (_, make, message) => {
    await expect(predictor.run(make())).rejects.toThrow(message);
    await expect(predictor.run(make())).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });

  test("keeps Paddle's own words as the cause when a run fails", async () => {
    const wrong = { ...inputsOf(1), image: { shape: [1, 3, 7, 256], data: new Float32Array(3 * 7 * 256) } };
    const failure = await predictor.run(wrong).catch((error: unknown) => error);
    expect(failure).toMatchObject({ name: 'PaddleLabError', code: 'PREDICTOR_RUN_FAILED' });
    expect(((failure as Error).cause as Error).message).toContain('InvalidArgument');
    await expect(predictor.run(inputsOf(1))).resolves.toHaveLength(2);
  });

  test('gives a run up at once when its signal fires, and goes on working', async () => {
    const controller = new AbortController();
    const run = predictor.run(inputsOf(16), { signal: controller.signal });
    controller.abort();
    await expect(run).rejects.toMatchObject({ code: 'ABORTED' });
    await expect(predictor.run(inputsOf(1))).resolves.toHaveLength(2);
  });
});

test('a predictor ends once: disposing during a run lets it finish, later runs are refused', async () => {
  const predictor = await createPredictor(plainConfig());
  const run = predictor.run(inputsOf(2));
  const disposals = [predictor.dispose(), predictor.dispose()];
  await expect(run).resolves.toHaveLength(2);
  await Promise.all(disposals);
  await expect(predictor.run(inputsOf(1))).rejects.toMatchObject({ code: 'DISPOSED' });
});

test('two predictors run side by side', async () => {
  const [a, b] = await Promise.all([createPredictor(plainConfig(1)), createPredictor(plainConfig(1))]);
  const [fromA, fromB] = await Promise.all([a.run(inputsOf(2)), b.run(inputsOf(2))]);
  expect(fromA[0]!.data).toEqual(fromB[0]!.data);
  await Promise.all([a.dispose(), b.dispose()]);
});

describe('what can not work is refused with a code and a next step', () => {
  test('a GPU on a CPU build', async () => {
    const config = new Config(program, params);
    config.enableUseGpu(100);
    const failure = createPredictor(config);
    await expect(failure).rejects.toMatchObject({ code: 'DEVICE_UNAVAILABLE' });
    await expect(failure).rejects.toThrow(
      /built for CPUs only; install a GPU build with `npx paddlelab runtime install --gpu`/,
    );
  });

  test('a program that is not there', async () => {
    const config = new Config(path.join(directory, 'nothing.pdmodel'), params);
    await expect(createPredictor(config)).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
  });

  test('a text file named .pdiparams, an empty program, and swapped files', async () => {
    const folder = makeFolder();
    const text = path.join(folder, 'model.pdiparams');
    const empty = path.join(folder, 'model.pdmodel');
    await writeFile(text, 'version https://git-lfs.github.com/spec/v1\n');
    await writeFile(empty, '');
    const textParams = createPredictor(new Config(program, text));
    await expect(textParams).rejects.toMatchObject({ code: 'MODEL_DAMAGED' });
    await expect(textParams).rejects.toThrow(/Expected Paddle parameters .* a file that starts with "version http"/);
    await expect(createPredictor(new Config(empty, params))).rejects.toMatchObject({ code: 'MODEL_DAMAGED' });
    await expect(createPredictor(new Config(params, program))).rejects.toMatchObject({ code: 'MODEL_DAMAGED' });
  });

  test('truncated parameters', async () => {
    const folder = makeFolder();
    const file = path.join(folder, 'model.pdiparams');
    await copyFile(params, file);
    const { truncate } = await import('node:fs/promises');
    await truncate(file, 100_000);
    await expect(createPredictor(new Config(program, file))).rejects.toMatchObject({ code: 'MODEL_DAMAGED' });
  });

  test('the OpenVINO engine for a .json program', async () => {
    const config = new Config(path.join(directory, 'model.json'), params);
    config.enableOpenvinoEngine();
    await expect(createPredictor(config)).rejects.toMatchObject({ code: 'ENGINE_UNAVAILABLE' });
  });

  test('a second Paddle in the same process', async () => {
    await expect(createPredictor(plainConfig(), { runtime: '2.6.2' })).rejects.toMatchObject({
      code: 'RUNTIME_CONFLICT',
    });
  });
});

const createInScript = `
  const config = new lab.Config(${JSON.stringify(program)}, ${JSON.stringify(params)});
  config.disableGpu();
  const predictor = await lab.createPredictor(config);
  const inputs = (batch) => ({
    image: { shape: [batch, 3, 256, 256], data: new Float32Array(batch * 3 * 65536) },
    scale_factor: { shape: [batch, 2], data: new Float32Array(batch * 2).fill(1) },
  });`;

describe('a process with predictors alive', () => {
  test('ends cleanly by itself, with what it printed', async () => {
    const ended = await runScript(`${createInScript} console.log((await predictor.run(inputs(1))).length);`);
    expect(ended).toMatchObject({ code: 0, signal: null, stdout: '2\n' });
  });

  test('ends cleanly through process.exit during a run', async () => {
    const ended = await runScript(`${createInScript} predictor.run(inputs(8)); setImmediate(() => process.exit(7));`);
    expect(ended).toMatchObject({ code: 7, signal: null });
  });

  test.each(['', 'await predictor.dispose();', 'predictor.clone(); predictor.run(inputs(1));'])(
    'ends cleanly with clones that run: %s',
    async (before) => {
      const ended = await runScript(`${createInScript}
        const clone = await predictor.clone(), second = await clone.clone();
        ${before}
        clone.run(inputs(8)); second.run(inputs(8));
        setImmediate(() => process.exit(7));`);
      expect(ended).toMatchObject({ code: 7, signal: null });
    },
  );

  test('waits for a run that is wanted', async () => {
    const ended = await runScript(`${createInScript} predictor.run(inputs(8)).then(() => console.log('done'));`);
    expect(ended).toMatchObject({ code: 0, stdout: 'done\n' });
  });

  test('may load the addon in worker threads as well, and end them during a run', async () => {
    const ended = await runScript(`
      const { Worker } = require('node:worker_threads');
      const body = ${JSON.stringify(
        `const lab = require(PACKAGE); const { parentPort } = require('node:worker_threads'); (async () => {${createInScript}
           await predictor.run(inputs(1)); predictor.run(inputs(8)); parentPort.postMessage('ready'); })();`,
      )}.replace('PACKAGE', JSON.stringify(process.cwd()));
      ${createInScript}
      const start = () => new Promise((resolve, reject) => {
        const worker = new Worker(body, { eval: true }).once('error', reject);
        worker.once('message', async () => resolve(await worker.terminate()));
      });
      await Promise.all([start(), start()]);
      console.log((await predictor.run(inputs(1))).length);`);
    expect(ended).toMatchObject({ code: 0, signal: null, stdout: '2\n' });
  });
});
