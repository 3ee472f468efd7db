import { readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { beforeAll, describe, expect, test } from 'vitest';
import { loadModel, withModel } from '../../src';
import { circumstancesOf, modelFor } from '../../src/inference/engine-trial/trial-model';
import { loadLibrary } from '../../src/inference/library';
import { checkModelFiles } from '../../src/inference/model-files';
import { planFolding } from '../../src/inference/scalar-folding/folding-plan';
import { integerField, messageField } from '../../src/inference/scalar-folding/protobuf-writer';
import { ScalarFolding } from '../../src/inference/scalar-folding/scalar-folding';
import { readModelSpec } from '../../src/layouts/layouts';
import { demoModel } from '../helpers/project';
import { type Layer, type NetworkOptions, smallNetwork } from '../helpers/small-network';
import { writeFiles } from '../helpers/tiny-model';

const conv: Layer = { type: 'conv', padding: 1 };
const biased: Layer = { type: 'conv', padding: 1, bias: 'vector' };
const relu: Layer = { type: 'relu' };
const mul: Layer = { type: 'mul', value: -1.5, scalarFirst: true };
const add: Layer = { type: 'add', value: 0.75 };

interface Case {
  readonly what: string;
  readonly layers: readonly Layer[];
  readonly options?: NetworkOptions;
  /** Number of operators that go. */
  readonly folded: number;
}

/** Each rule, and what it needs. */
const folded: readonly Case[] = [
  { what: 'into the filter and bias before', layers: [biased, mul, add, relu], folded: 2 },
  { what: 'the scalar may come second', layers: [biased, { ...mul, scalarFirst: false }, add], folded: 2 },
  { what: 'a bias of shape [1, C, 1, 1]', layers: [{ ...biased, bias: 'column' }, mul, add], folded: 2 },
  { what: 'a depthwise convolution', layers: [{ type: 'depthwise', bias: 'vector' }, mul, add], folded: 2 },
  { what: 'longer chains', layers: [biased, add, mul, add, mul, relu], folded: 4 },
  { what: 'a product without a bias', layers: [conv, mul, mul], folded: 2 },
  { what: 'a sum needs a bias', layers: [conv, mul, add], folded: 1 },
  { what: 'a product into the padded filter after', layers: [relu, mul, conv], folded: 1 },
  { what: 'a sum into the bias after', layers: [relu, mul, add, { type: 'conv', bias: 'vector' }], folded: 2 },
  { what: 'the same, depthwise', layers: [relu, mul, add, { type: 'depthwise', bias: 'column' }], folded: 2 },
  { what: 'padding keeps the sum', layers: [relu, mul, add, biased], folded: 1 },
  { what: 'nothing to add it to', layers: [relu, mul, add, { type: 'conv' }], folded: 1 },
  { what: 'one operator for several', layers: [relu, add, mul, { type: 'mul', value: 3 }, add], folded: 3 },
  {
    what: 'before and after the same convolution',
    layers: [relu, mul, add, { type: 'conv', bias: 'vector' }, mul, add, relu],
    folded: 4,
  },
  { what: 'between two convolutions', layers: [biased, mul, add, { type: 'conv', bias: 'vector' }], folded: 2 },
  { what: 'the result is an output', layers: [biased, mul, add], options: { fetched: [2] }, folded: 2 },
  { what: 'a value that is read twice', layers: [biased, mul, add], options: { fetched: [0] }, folded: 1 },
  { what: 'an output within a chain', layers: [biased, mul, add, mul], options: { fetched: [1] }, folded: 2 },
  {
    what: 'a filter that is read twice',
    layers: [relu, mul, { ...conv, filter: 'w' }, { ...conv, filter: 'w' }, mul, add],
    folded: 1,
  },
  {
    what: 'same padding',
    layers: [relu, add, mul, { ...biased, padding: 1, attributes: { padding_algorithm: 'SAME' } }],
    folded: 1,
  },
];

describe('engine onednn gives what plain gives', () => {
  const input = {
    x: { shape: [2, 3, 5, 5], data: Float32Array.from({ length: 150 }, (_, i) => Math.sin(i * 1.3) * 2) },
  };
  let before: string[];
  beforeAll(async () => {
    before = await modelFolders();
  });
  const modelFolders = async (): Promise<string[]> =>
    (await readdir(tmpdir())).filter((name) => name.startsWith('paddlelab-model-'));

  test.each(folded)('$what: $folded folded', async ({ layers, options, folded }) => {
    const { program, params } = smallNetwork(layers, options);
    expect(planFolding(program)?.operators).toBe(folded);
    const folder = await writeFiles({ 'inference.pdmodel': program, 'inference.pdiparams': params });
    const run = (engine: 'plain' | 'onednn') =>
      withModel(
        folder,
        async ({ session, runtime }) => {
          expect(runtime.foldedOperators).toBe(engine === 'plain' ? undefined : folded);
          const copy = await session.copy();
          const [outputs, again] = [await session.run(input), await copy.run(input)];
          await copy.dispose();
          expect(again).toEqual(outputs);
          return outputs;
        },
        { task: 'tensors', engine, threads: 1, trial: false },
      );
    const [expected, actual] = [await run('plain'), await run('onednn')];
    expect(actual.map(({ name, shape }) => [name, shape])).toEqual(expected.map(({ name, shape }) => [name, shape]));
    for (const [i, { data }] of expected.entries())
      expect(relativeDifference(data, actual[i]!.data)).toBeLessThan(1e-5);
    expect(await modelFolders()).toEqual(before);
  });
});

/** The largest difference, as a part of the largest value. */
function relativeDifference(a: ArrayLike<number | bigint>, b: ArrayLike<number | bigint>): number {
  let [difference, largest] = [0, 0];
  for (let i = 0; i < a.length; i++) {
    largest = Math.max(largest, Math.abs(Number(a[i])));
    difference = Math.max(difference, Math.abs(Number(a[i]) - Number(b[i])));
  }
  return difference / largest;
}

/** What is left as it is. */
const kept: readonly Omit<Case, 'folded'>[] = [
  { what: 'no scalars', layers: [biased, relu, conv] },
  { what: 'one operator with no convolution beside it', layers: [relu, mul, relu] },
  { what: 'a value for each channel', layers: [biased, { type: 'mul', value: [1, 2, 3] }, relu] },
  { what: 'another axis', layers: [biased, { ...mul, attributes: { axis: 0 } }] },
  { what: 'a product with an unknown attribute', layers: [biased, { ...mul, attributes: { novelty: 1 } }] },
  { what: 'a quantised product', layers: [biased, { ...mul, attributes: { Scale_x: 0.5 } }] },
  { what: 'a convolution with an unknown attribute', layers: [{ ...conv, attributes: { novelty: true } }, mul] },
  { what: 'a convolution from before Paddle 1.7', layers: [{ ...conv, without: 'padding_algorithm' }, mul] },
  { what: 'a fused convolution', layers: [{ ...conv, attributes: { fuse_activation: 'relu' } }, mul] },
  { what: 'channels last', layers: [{ ...conv, attributes: { data_format: 'NHWC' } }, mul] },
  { what: 'a shared filter', layers: [{ ...conv, filter: 'w' }, mul, { ...conv, filter: 'w' }] },
  { what: 'a convolution whose result is an output', layers: [conv, mul], options: { fetched: [0] } },
  { what: 'values in half precision', layers: [biased, mul, add], options: { dtype: 'float16' } },
  { what: 'a quantised program', layers: [biased, mul, add, { type: 'fake_quantize_abs_max' }] },
];

describe('left alone', () => {
  test.each(kept)('$what', ({ layers, options }) => {
    expect(planFolding(smallNetwork(layers, options).program)).toBeUndefined();
  });

  test('control flow', () => {
    const { program } = smallNetwork([biased, mul, add]);
    const block = messageField(1, [integerField(1, 1), integerField(2, 0)]);
    expect(planFolding(program)).toBeDefined();
    expect(planFolding(Buffer.concat([program, block]))).toBeUndefined();
  });

  test.each(['shapes_cls_mbv3s', 'shapes_det_picodet', 'shapes_ins_maskrcnn', 'shapes_seg_ppliteseg'] as const)(
    'the demo model %s',
    async (name) => {
      const { files } = await readModelSpec(demoModel(name), { format: 'pdmodel' });
      expect(planFolding(await readFile(files.program))).toBeUndefined();
    },
  );

  test('weights that would not be finite', async () => {
    const { program, params } = smallNetwork([biased, { type: 'mul', value: 3e38 }, { type: 'mul', value: 10 }, relu]);
    const folder = await writeFiles({ 'inference.pdmodel': program, 'inference.pdiparams': params });
    const model = await loadModel(folder, { task: 'tensors', engine: 'onednn', trial: false });
    expect(model.runtime.foldedOperators).toBeUndefined();
    await model.dispose();
  });
});

test('auto tries the folded program against plain, and an older choice does not count for it', async () => {
  const { program, params } = smallNetwork([biased, mul, add, relu]);
  const folder = await writeFiles({ 'inference.pdmodel': program, 'inference.pdiparams': params });
  const model = await loadModel(folder, { task: 'tensors' });
  const { engine, foldedOperators, engineTrial = [] } = model.runtime;
  expect(engineTrial.filter((row) => row.engine === 'onednn')).toMatchObject([{ outcome: 'measured' }]);
  expect(foldedOperators).toBe(engine === 'onednn' ? 2 : undefined);
  const files = { program: model.spec.files.program, params: model.spec.files.params };
  const checked = await checkModelFiles(files.program, files.params);
  const folding = await ScalarFolding.of(files, checked);
  const trialModel = { ...checked, ...files, library: await loadLibrary(undefined), folding: folding! };
  const [folded, plain] = await Promise.all(
    (['onednn', 'plain'] as const).map((name) => circumstancesOf(modelFor(name, trialModel), undefined)),
  );
  expect(folded).not.toEqual(plain);
  await model.dispose();
});

test('a model that Paddle refuses is named by its own file', async () => {
  const { program, params } = smallNetwork([biased, mul, add, { type: 'no_such_operator' }]);
  const folder = await writeFiles({ 'inference.pdmodel': program, 'inference.pdiparams': params });
  await expect(loadModel(folder, { task: 'tensors', engine: 'onednn', trial: false })).rejects.toMatchObject({
    code: 'PREDICTOR_CREATE_FAILED',
    message: expect.stringContaining(folder),
  });
});

test('another process folds as well', async () => {
  const { program, params } = smallNetwork([biased, mul, add, relu]);
  const folder = await writeFiles({ 'inference.pdmodel': program, 'inference.pdiparams': params });
  const backend = { kind: 'paddle-process', engine: 'onednn' } as const;
  const model = await loadModel(folder, { task: 'tensors', backend });
  expect(model.runtime).toMatchObject({ engine: 'onednn', foldedOperators: 2 });
  await model.dispose();
});
