import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { Config, createPredictor, type DataType, getTrtCompileVersion, getVersion, type TensorData } from '../../src';
import { configGetters, configMethods, isInRange } from '../../src/inference/config/methods';
import { type LoadedLibrary, loadLibrary } from '../../src/inference/library';
import { makeProgram } from '../helpers/program';
import { demoModel } from '../helpers/project';
import { identityConfig, writeFiles } from '../helpers/tiny-model';

const shapes = demoModel('shapes_det_picodet');
const image = { shape: [1, 3, 256, 256], data: new Float32Array(3 * 65_536).fill(0.3) };
const inputs = { image, scale_factor: { shape: [1, 2], data: Float32Array.of(1, 1) } };

/** What an input of each type is given, and what comes back of it. */
const values: readonly [DataType, TensorData, TensorData?][] = [
  ['float32', Float32Array.of(1.5, -2)],
  ['float64', Float64Array.of(0.1, -2)],
  ['int64', BigInt64Array.of(1n, -(2n ** 62n))],
  ['int32', Int32Array.of(1, -(2 ** 31))],
  ['uint8', Uint8Array.of(1, 255)],
  ['int8', Int8Array.of(1, -128)],
  ['bool', Uint8Array.of(1, 0)],
  ['float16', Float32Array.of(1 / 3, 65_504), Float32Array.of(0.333251953125, 65_504)],
  ['bfloat16', Float32Array.of(1 / 3, 3e38), Float32Array.of(0.333984375, 3.00405527047391e38)],
];

/** What must hold with every supported CPU wheel of Paddle. A process loads one, so that each has a file of its own. */
export function testRuntime(version: string): void {
  // The demo model was exported by Paddle 3.3, whose .json the 3.0 refuses ("Type of attribute: strides is not right").
  const json = isInRange(version, '3.3+');

  describe(`Paddle ${version}`, () => {
    let library: LoadedLibrary;
    beforeAll(async () => {
      library = await loadLibrary(version);
    });

    test('says which it is', async () => {
      expect(library.runtime.version).toBe(version);
      expect(await getVersion()).toContain(version);
      expect(await getTrtCompileVersion()).toEqual([0, 0, 0]);
    });

    test('has every method and getter that the documentation says it has, and no others', () => {
      const ranges = [...[...configMethods].map(([name, { versions }]) => [name, versions] as const), ...configGetters];
      const expected = ranges.filter(([, range]) => isInRange(version, range)).map(([name]) => name);
      expect([...library.configMethods].sort()).toEqual(expected.sort());
    });

    test.each(values)('takes and gives %s', async (dtype, given, expected = given) => {
      await using predictor = await createPredictor(identityConfig(dtype), { trial: false });
      expect(predictor.inputs).toEqual([{ name: 'x', dtype, shape: [-1, 2] }]);
      expect(predictor.outputs[0]).toEqual({ name: 'y', dtype, shape: [-1, 2] });
      const [y] = await predictor.run({ x: { shape: [1, 2], data: given } });
      expect(y).toEqual({ name: 'y', dtype, shape: [1, 2], lod: [], data: expected });
    });

    test('keeps the offsets of sequences', async () => {
      await using predictor = await createPredictor(identityConfig(), { trial: false });
      const data = Float32Array.of(1, 2, 3, 4, 5, 6);
      const [y] = await predictor.run({ x: { shape: [3, 2], data, lod: [[0, 1, 3]] } });
      expect(y?.lod).toEqual([[0, 1, 3]]);
      const input = predictor.getInputHandle('x');
      await input.setLod([
        [0, 2],
        [0, 1, 3],
      ]);
      await input.copyFromCpu({ shape: [3, 2], data });
      await input.setLod([
        [0, 2],
        [0, 1, 3],
      ]);
      await predictor.run();
      expect(await predictor.getOutputHandle('y').lod()).toEqual([
        [0, 2],
        [0, 1, 3],
      ]);
    });

    test('takes texts for an input of strings, and nothing else', async () => {
      await using predictor = await createPredictor(identityConfig('strings'), { trial: false });
      expect(predictor.inputs[0]?.dtype).toBe('string');
      await predictor.getInputHandle('x').copyFromCpu(['eins', 'zwei', 'ßäö']);
      expect(predictor.getInputHandle('x').shape()).toEqual([3]);
      const numbers = predictor.run({ x: { shape: [1], data: Float32Array.of(1) } });
      await expect(numbers).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    });

    test.each(json ? ['pdmodel', 'json'] : ['pdmodel'])(
      'runs a real .%s the same from files and from memory',
      async (format) => {
        const [program, params] = [path.join(shapes, `model.${format}`), path.join(shapes, 'model.pdiparams')];
        const onFiles = new Config(program, params);
        const inMemory = new Config();
        inMemory.setModelBuffer(await readFile(program), await readFile(params));
        const results = [];
        for (const config of [onFiles, inMemory, new Config(shapes, 'model')]) {
          // A prefix finds the .json first, as Paddle 3 does.
          if (config.progFile !== '' && config.progFile !== program) continue;
          config.disableOnednn();
          await using predictor = await createPredictor(config);
          results.push(await predictor.run(inputs));
        }
        expect(results.length).toBeGreaterThan(1);
        for (const result of results) expect(result).toEqual(results[0]);
      },
    );

    test('runs a model of Paddle 1.x, with a file for each parameter or one for all', async () => {
      const { program, params } = makeProgram({
        variables: {
          x: { dtype: 'float32', shape: [-1, 2] },
          a: { dtype: 'float32', shape: [2], values: [10, 20] },
          b: { dtype: 'float32', shape: [2], values: [1, 2] },
          sum: { dtype: 'float32', shape: [-1, 2] },
          y: { dtype: 'float32', shape: [-1, 2] },
        },
        feeds: ['x'],
        fetches: ['y'],
        operators: [
          { type: 'elementwise_add', inputs: { X: 'x', Y: 'a' }, outputs: { Out: 'sum' }, attributes: { axis: -1 } },
          { type: 'elementwise_mul', inputs: { X: 'sum', Y: 'b' }, outputs: { Out: 'y' }, attributes: { axis: -1 } },
        ],
      });
      const separate = await writeFiles({ __model__: program, ...Object.fromEntries(params) });
      const combined = await writeFiles({ __model__: program, __params__: Buffer.concat([...params.values()]) });
      for (const folder of [separate, combined]) {
        const config = new Config(folder);
        config.disableOnednn();
        expect([config.modelDir, config.paramsFile].filter((file) => file !== '')).toHaveLength(1);
        await using predictor = await createPredictor(config, { trial: false });
        const [y] = await predictor.run({ x: { shape: [1, 2], data: Float32Array.of(1, 2) } });
        expect(y?.data).toEqual(Float32Array.of(11, 44));
      }
    });

    test('tells hooks of every tensor of a run', async () => {
      await using predictor = await createPredictor(identityConfig('int64'), { trial: false });
      const seen: unknown[] = [];
      await predictor.registerInputHook((op, name, tensor) => seen.push(['in', op, name, tensor]));
      await predictor.registerOutputHook((op, name, tensor) => seen.push(['out', op, name, tensor]));
      const x = { shape: [1, 2], data: BigInt64Array.of(1n, 2n) };
      await Promise.all([predictor.run({ x }), predictor.run({ x })]);
      expect(seen).toContainEqual(['in', 'assign', 'x', { dtype: 'int64', shape: [1, 2] }]);
      expect(seen.filter((event) => (event as string[])[2] === 'y')).toEqual(
        Array(2).fill(['out', 'assign', 'y', { dtype: 'int64', shape: [1, 2] }]),
      );
      await expect(predictor.registerOutputHook(7 as never)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    });

    test('shares weights among clones that run at once, whichever ends first', async () => {
      const config = new Config(path.join(shapes, 'model.pdmodel'), path.join(shapes, 'model.pdiparams'));
      config.disableOnednn();
      const first = await createPredictor(config, { trial: false });
      const alone = await first.run(inputs);
      const clones = await Promise.all([first.clone(), first.clone(), first.clone()]);
      const together = await Promise.all([first, ...clones].map((predictor) => predictor.run(inputs)));
      for (const result of together) expect(result).toEqual(alone);
      await first.dispose();
      await expect(first.clone()).rejects.toMatchObject({ code: 'DISPOSED' });
      const again = await clones[0]!.clone();
      await Promise.all(clones.map((clone) => clone.dispose()));
      expect(await again.run(inputs)).toEqual(alone);
      await again.dispose();
    });
  });
}
