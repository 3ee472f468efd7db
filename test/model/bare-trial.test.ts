import { copyFile, mkdir, mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadModel } from '../../src';
import { resolveEngine } from '../../src/inference/engine';
import { agree, type SampledTensor, tellEnginesApart } from '../../src/inference/engine-trial/agreement';
import { chooseEngine } from '../../src/inference/engine-trial/choose-engine';
import { fitsDeclared, guessInputs } from '../../src/inference/engine-trial/made-up-inputs';
import type { TrialInput } from '../../src/inference/engine-trial/trial-protocol';
import { loadLibrary } from '../../src/inference/library';
import { checkModelFiles } from '../../src/inference/model-files';
import { runtimesFolder } from '../../src/runtime/cache';
import { demoModel } from '../helpers/project';

let folder: string;
let bare: string;
const cacheBefore = process.env.PADDLELAB_CACHE;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'paddlelab-bare-trial-'));
  const cache = path.join(folder, 'cache');
  await mkdir(cache);
  await symlink(runtimesFolder(), path.join(cache, 'runtimes'));
  process.env.PADDLELAB_CACHE = cache;
  bare = path.join(folder, 'bare');
  await mkdir(bare);
  for (const name of ['inference.pdmodel', 'inference.pdiparams']) {
    await copyFile(path.join(demoModel('shapes_cls_mbv3s'), name), path.join(bare, name));
  }
});
afterAll(async () => {
  if (cacheBefore === undefined) delete process.env.PADDLELAB_CACHE;
  else process.env.PADDLELAB_CACHE = cacheBefore;
  await rm(folder, { recursive: true, force: true });
});

test('a model without a configuration is tried on inputs of the declared shapes, by plain as well', async () => {
  const model = await loadModel(bare);
  const { engineTrial = [], engineReason } = model.runtime;
  const measured = engineTrial.flatMap((row) => (row.outcome === 'measured' ? [row.engine] : []));
  expect(measured.sort(), engineReason).toEqual(['onednn', 'openvino', 'plain']);
  await model.dispose();
});

async function chooseWith(inputs: readonly TrialInput[]) {
  const program = path.join(bare, 'inference.pdmodel');
  const params = path.join(bare, 'inference.pdiparams');
  const checked = await checkModelFiles(program, params);
  const subject = { ...checked, program, params, library: await loadLibrary(undefined) };
  const settings = resolveEngine({ threads: 1 }, 'pdmodel');
  return chooseEngine(subject, settings, inputs, {});
}

const choices = async (): Promise<number> =>
  (await readdir(path.join(folder, 'cache', 'trials'))).filter((name) => name.endsWith('.json')).length;

test('without a baseline the default engine is used, with the reason, and nothing is cached', async () => {
  const [fitting] = guessInputs(
    (await checkModelFiles(path.join(bare, 'inference.pdmodel'), path.join(bare, 'inference.pdiparams'))).outline
      .inputs,
  )!;
  // Channels last, which Paddle refuses; OpenVINO answers.
  const turned = { ...fitting!, shape: [1, 480, 640, 3], data: new Float32Array(480 * 640 * 3).fill(0.5) };
  const chosen = await chooseWith([turned]);
  expect(chosen.engine).toBe('onednn');
  expect(chosen.reason).toBe(
    "default, because no trial was possible: none of Paddle's own engines runs the model on a generated input, so there is no " +
      'baseline for the others (plain fails, onednn fails, openvino unproven)',
  );
  const before = await choices();
  expect((await chooseWith([turned])).reason).toBe(chosen.reason);
  expect(await choices()).toBe(before);
  // With the correct layout, the same input gives a choice, which is cached.
  expect((await chooseWith([fitting!])).reason).toMatch(/^fastest of/);
  expect(await choices()).toBeGreaterThan(before);
});

test('constant outputs, or outputs without a number, do not prove an engine', () => {
  const floats = (...values: number[]): SampledTensor => ({
    dtype: 'float32',
    shape: [values.length],
    data: Float32Array.from(values),
  });
  const labels = (...values: bigint[]): SampledTensor => ({
    dtype: 'int64',
    shape: [values.length],
    data: BigInt64Array.from(values),
  });
  const nothing = [floats(), floats(0, 0), floats(Number.NaN, Number.NaN), floats(Number.POSITIVE_INFINITY)];
  // A softmax over one class, its map, and a label map of one class.
  const constant = [floats(1), floats(1, 1, 1), floats(0.25, 0.25), labels(7n), labels(7n, 7n)];
  for (const tensor of [...nothing, ...constant]) {
    expect(agree([tensor], [tensor])).toBe(true);
    expect(tellEnginesApart([tensor])).toBe(false);
  }
  expect(tellEnginesApart([floats(), floats(0, -1e-20)])).toBe(true);
  expect(tellEnginesApart([labels(0n, 3n)])).toBe(true);
  expect(tellEnginesApart([floats(Number.NaN, 1, 2)])).toBe(true);
  expect(tellEnginesApart([floats(0.731)])).toBe(true);
  expect(tellEnginesApart([labels(7n, 7n), floats(0.2, 0.8)])).toBe(true);
});

test('a verdict applies to the content of an input, not only to its shape', async () => {
  const { outline } = await checkModelFiles(
    path.join(bare, 'inference.pdmodel'),
    path.join(bare, 'inference.pdiparams'),
  );
  const [input] = guessInputs(outline.inputs)!;
  await chooseWith([input!]);
  const before = await choices();
  const darker = (input!.data as Float32Array).map((value) => value / 2);
  await chooseWith([{ ...input!, data: darker }]);
  expect(await choices()).toBeGreaterThan(before);
});

test.each<[string, number[], number[]]>([
  ['channels first', [-1, 3, -1, -1], [1, 3, 224, 224]],
  ['nothing fixed', [-1, -1, -1, -1], [1, 3, 224, 224]],
  ['grey', [-1, 1, -1, -1], [1, 1, 224, 224]],
  ['channels last', [-1, -1, -1, 3], [1, 224, 224, 3]],
  ['a line of text', [-1, 3, 48, -1], [1, 3, 48, 224]],
  ['all fixed', [2, 3, 48, 320], [2, 3, 48, 320]],
  ['a sequence', [-1, 512, -1], [1, 512, 16]],
  ['a vector', [-1, 8], [1, 8]],
])('a generated input follows the declared shape: %s', (_, shape, expected) => {
  const [input] = guessInputs([{ name: 'x', dtype: 'float32', shape }])!;
  expect(input!.shape).toEqual(expected);
  expect(fitsDeclared(shape, input!.shape)).toBe(true);
  expect(new Set(Array.from(input!.data as Float32Array)).size).toBeGreaterThan(1);
});

test('other ranks and sizes do not match the declaration', () => {
  expect(fitsDeclared([-1, 3, -1, -1], [1, 480, 640, 3])).toBe(false);
  expect(fitsDeclared([-1, 8], [8])).toBe(false);
});
