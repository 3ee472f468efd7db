import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { Config, createPredictor, type Predictor, PredictorPool } from '../../src';
import { makeProgram } from '../helpers/program';
import { demoModel } from '../helpers/project';
import { identityConfig, writeFiles } from '../helpers/tiny-model';

const two = Float32Array.of(1, 2);

async function output(predictor: Predictor): Promise<unknown> {
  return (await predictor.getOutputHandle('y').copyToCpu()).data;
}

describe('handles', () => {
  test('feed, run and fetch as in Paddle', async () => {
    await using predictor = await createPredictor(identityConfig(), { trial: false });
    const input = predictor.getInputHandle('x');
    expect([input.name, input.type(), input.shape(), input.lod()]).toEqual(['x', 'float32', [-1, 2], []]);
    input.reshape([1, 2]);
    await input.copyFromCpu(two);
    expect(input.shape()).toEqual([1, 2]);
    expect(await predictor.run()).toBeUndefined();
    const result = predictor.getOutputHandle('y');
    expect([await result.type(), await result.shape(), await result.lod()]).toEqual(['float32', [1, 2], []]);
    expect(await output(predictor)).toEqual(two);
    input.reshape([2, 2]);
    await input.copyFromCpu(Float32Array.of(1, 2, 3, 4));
    await predictor.run();
    expect(await result.shape()).toEqual([2, 2]);
  });

  test('share memory without a copy, and never write into it', async () => {
    await using predictor = await createPredictor(identityConfig(), { trial: false });
    const input = predictor.getInputHandle('x');
    const shared = Float32Array.from(two);
    await input.shareExternalData({ shape: [1, 2], data: shared });
    await predictor.run();
    expect(await output(predictor)).toEqual(two);
    shared[1] = 7;
    await predictor.run();
    expect(await output(predictor)).toEqual(Float32Array.of(1, 7));
    await input.copyFromCpu({ shape: [1, 2], data: Float32Array.of(8, 9) });
    const [y] = await predictor.run({ x: { shape: [1, 2], data: Float32Array.of(5, 6) } });
    expect(y?.data).toEqual(Float32Array.of(5, 6));
    expect(shared).toEqual(Float32Array.of(1, 7));
  });

  test('refuse memory that was shared and then transferred away', async () => {
    await using predictor = await createPredictor(identityConfig(), { trial: false });
    const shared = Float32Array.from(two);
    await predictor.getInputHandle('x').shareExternalData({ shape: [1, 2], data: shared });
    structuredClone(shared.buffer, { transfer: [shared.buffer] });
    await expect(predictor.run()).rejects.toThrow(/was transferred away/);
  });

  test.each<[string, (predictor: Predictor) => unknown, RegExp]>([
    ['an unknown input', (it) => it.getInputHandle('xx'), /no input "xx"; did you mean "x"/],
    ['an unknown output', (it) => it.getOutputHandle('z'), /no output "z"; did you mean "y"/],
    ['a run before feeding', (it) => it.run(), /Input "x" was not fed/],
    ['a result before the first run', (it) => it.getOutputHandle('y').copyToCpu(), /"y" is empty before the first run/],
    ['a copy without a shape', (it) => it.getInputHandle('x').copyFromCpu(two), /has no shape yet; reshape it first/],
    ['a negative shape', async (it) => it.getInputHandle('x').reshape([-1, 2]), /Expected array of integers ≥ 1/],
    [
      'a huge shape',
      async (it) => it.getInputHandle('x').reshape([2 ** 30, 2 ** 30]),
      /Expected array of integers ≥ 1/,
    ],
    ['offsets before elements', (it) => it.getInputHandle('x').setLod([[0, 1]]), /takes offsets after its elements/],
    [
      'offsets beyond the tensor',
      (it) => it.run({ x: { shape: [1, 2], data: two, lod: [[0, 5]] } }),
      /Expected offsets from 0 to 1 that never decrease for x.lod\[0\]/,
    ],
    [
      'texts for numbers',
      (it) => it.run({ x: { strings: ['a'] } }),
      /Expected float32 for input "x" but received strings/,
    ],
    [
      'a number that is no bool',
      async () => {
        await using it = await createPredictor(identityConfig('bool'), { trial: false });
        await it.run({ x: { shape: [1, 2], data: Uint8Array.of(1, 2) } });
      },
      /Expected Uint8Array of 0 and 1 \(bool\)/,
    ],
    [
      'sharing of a type that JavaScript has not',
      async () => {
        await using it = await createPredictor(identityConfig('float16'), { trial: false });
        await it.getInputHandle('x').shareExternalData({ shape: [1, 2], data: two });
      },
      /input of a type that JavaScript has/,
    ],
  ])('refuse %s', async (_, use, message) => {
    await using predictor = await createPredictor(identityConfig(), { trial: false });
    await expect((async () => use(predictor))()).rejects.toThrow(message);
    await expect((async () => use(predictor))()).rejects.toMatchObject({ name: 'PaddleLabError' });
    await expect(predictor.run({ x: { shape: [1, 2], data: two } })).resolves.toHaveLength(2);
  });

  test('are empty after clearing, and work again when fed', async () => {
    await using predictor = await createPredictor(identityConfig(), { trial: false });
    for (const clear of [() => predictor.clearIntermediateTensor(), () => predictor.tryShrinkMemory()]) {
      await predictor.run({ x: { shape: [1, 2], data: two } });
      await clear();
      await expect(predictor.run()).rejects.toThrow(/was not fed/);
      await expect(output(predictor)).rejects.toThrow(/is empty/);
      const [y] = await predictor.run({ x: { shape: [1, 2], data: two } });
      expect(y?.data).toEqual(two);
    }
  });

  test('say that a result of 16-bit integers can not be had', async () => {
    const { program, params } = makeProgram({
      variables: {
        x: { dtype: 'float32', shape: [-1, 2] },
        y: { dtype: 'int16', shape: [-1, 2] },
        w: { dtype: 'float32', shape: [1], values: [1] },
      },
      feeds: ['x'],
      fetches: ['y'],
      operators: [
        { type: 'cast', inputs: { X: 'x' }, outputs: { Out: 'y' }, attributes: { in_dtype: 5, out_dtype: 1 } },
      ],
    });
    const config = new Config();
    config.setModelBuffer(program, Buffer.concat([...params.values()]));
    await using predictor = await createPredictor(config, { trial: false });
    expect(predictor.outputs[0]?.dtype).toBe('unknown');
    const run = predictor.run({ x: { shape: [1, 2], data: two } });
    await expect(run).rejects.toMatchObject({ code: 'PREDICTOR_RUN_FAILED' });
    await expect(run).rejects.toThrow(/does not match the type of data \(int16\)/);
  });
});

describe('a run that its signal gives up', () => {
  test('is skipped while it still waits, and leaves the input in doubt', async () => {
    await using predictor = await createPredictor(identityConfig(), { trial: false });
    const long = { shape: [2 ** 20, 2], data: new Float32Array(2 ** 21).fill(3) };
    const controller = new AbortController();
    const before = predictor.run({ x: long });
    const given = predictor.run({ x: { shape: [1, 2], data: two } }, { signal: controller.signal });
    controller.abort();
    await expect(given).rejects.toMatchObject({ code: 'ABORTED' });
    await before;
    // What is in the output is still the first run's.
    expect(await predictor.getOutputHandle('y').shape()).toEqual([2 ** 20, 2]);
    await expect(predictor.run()).rejects.toThrow(/was not fed/);
  });
});

describe('a pool', () => {
  test('runs its members at once with the same results', async () => {
    await using pool = await PredictorPool.create(identityConfig(), 4, { trial: false });
    expect(pool.size).toBe(4);
    const results = await Promise.all(
      [0, 1, 2, 3].map((i) => pool.retrieve(i).run({ x: { shape: [1, 2], data: Float32Array.of(i, 1) } })),
    );
    expect(results.map(([y]) => y?.data[0])).toEqual([0, 1, 2, 3]);
    expect(() => pool.retrieve(4)).toThrow(/Expected integer from 0 to 3 for index but received 4/);
    expect(() => pool.retrieve(-1)).toThrow(/Expected integer ≥ 0 for index/);
    await expect(PredictorPool.create(identityConfig(), 0)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });

  test('hands clones that were disposed out again', async () => {
    const first = await createPredictor(identityConfig(), { trial: false });
    for (let i = 0; i < 20; i++) {
      await using clone = await first.clone();
      const [y] = await clone.run({ x: { shape: [1, 2], data: Float32Array.of(i, 1) } });
      expect(y?.data[0]).toBe(i);
    }
    await first.dispose();
  });
});

test('a clone of a .json program is refused once its files have changed', async () => {
  const model = demoModel('shapes_det_picodet');
  const folder = await writeFiles({
    'model.json': await readFile(path.join(model, 'model.json')),
    'model.pdiparams': await readFile(path.join(model, 'model.pdiparams')),
  });
  const config = new Config(folder, 'model');
  config.disableOnednn();
  await using predictor = await createPredictor(config, { trial: false });
  await writeFile(path.join(folder, 'model.pdiparams'), 'other weights');
  await expect(predictor.clone()).rejects.toMatchObject({ code: 'MODEL_DAMAGED' });
});
