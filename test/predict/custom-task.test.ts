import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { inspect } from 'node:util';
import { afterEach, describe, expect, test } from 'vitest';
import {
  type CustomTask,
  compareBackends,
  jupyterDisplay,
  loadModel,
  type MimeBundle,
  predict,
  predictStream,
  registerTask,
} from '../../src';
import { makeFolder } from '../helpers/folders';
import { identityProgram } from '../helpers/program';

const pixels = { data: Uint8Array.from({ length: 12 }, (_, i) => i * 20), width: 2, height: 2 };

/** A network that returns its input, with a configuration of an unknown architecture. */
async function unknownModel(arch: string, dtype: 'float32' | 'float16' = 'float32'): Promise<string> {
  const folder = makeFolder();
  const { program, params } = identityProgram(dtype, [-1, 3, 2, 2]);
  const config = { arch, Preprocess: [{ type: 'Permute' }] };
  const files = { 'model.pdmodel': program, 'model.pdiparams': params, 'infer_cfg.yml': JSON.stringify(config) };
  for (const [name, content] of Object.entries(files)) await writeFile(path.join(folder, name), content);
  return folder;
}

/** The mean of each channel. */
const means: CustomTask<{ readonly means: readonly number[]; readonly map: Float32Array }> = {
  name: 'means',
  architectures: ['MeanNet'],
  read([output], { image }) {
    const map = output!.data as Float32Array;
    const size = image.width * image.height;
    const sums = [0, 1, 2].map((c) => map.subarray(c * size, (c + 1) * size).reduce((sum, value) => sum + value, 0));
    return { means: sums.map((sum) => sum / size), map };
  },
};
const expected = [90, 110, 130];

const dispose: { dispose(): Promise<void> }[] = [];
afterEach(async () => {
  for (const model of dispose.splice(0)) await model.dispose();
});

function shown(result: object): Promise<MimeBundle> {
  return (result as { [jupyterDisplay](): Promise<MimeBundle> })[jupyterDisplay]();
}

describe('a custom task', () => {
  test('reads the outputs of an unknown network, and its result is typed', async () => {
    const folder = await unknownModel('SomethingNew');
    await expect(loadModel(folder)).rejects.toThrow(/Architecture "SomethingNew" is not known/);
    const model = await loadModel(folder, { task: means, engine: 'plain' });
    dispose.push(model);
    expect([model.kind, model.spec.arch, inspect(model)]).toEqual([
      'custom',
      'SomethingNew',
      expect.stringMatching(/^Model custom/),
    ]);
    const result = await predict(model, pixels);
    const found: readonly number[] = result.content.means;
    expect(found).toEqual(expected);
    expect(result).toMatchObject({ kind: 'custom', task: 'means', image: { width: 2, height: 2 }, labels: [] });
    expect(Object.isFrozen(result.content.means)).toBe(true);
    expect(inspect(result)).toMatch(/^means in 2×2: \{\s+means: \[ 90, 110, 130 \]/);
    expect(await shown(result)).toMatchObject({
      'text/html': expect.stringContaining('<pre style="overflow-x:auto">means in 2×2'),
    });
    const [first, second] = await predict(model, [pixels, pixels], { batchSize: 2 });
    expect([first!.content.means, second!.content.means]).toEqual([expected, expected]);
    for await (const { content } of predictStream(model, [pixels])) expect(content.means).toEqual(expected);
    const { inputs, image } = await model.preprocess(pixels as never);
    expect((await model.postprocess(await model.predictor.run(inputs), { image })).content).toMatchObject({
      means: expected,
    });
    const report = await compareBackends(model, pixels, { backends: ['plain', 'onednn'], runs: 3 });
    expect(report.rows[1]).toMatchObject({ agreement: { kind: 'tensors', maxDifference: 0 } });
  });

  test('is selected by the architecture once it is registered, and can be replaced', async () => {
    const folder = await unknownModel('MeanNet');
    await expect(loadModel(folder)).rejects.toMatchObject({ code: 'MODEL_UNSUPPORTED' });
    registerTask(means);
    const before = await loadModel(folder, { engine: 'plain' });
    dispose.push(before);
    const { name, architectures } = means;
    registerTask({
      name,
      architectures: architectures ?? [],
      read: () => 'something else',
      display: ({ content }) => `found ${content}`,
    });
    const after = await loadModel(folder, { engine: 'plain' });
    dispose.push(after);
    expect((await predict(before, pixels)) as object).toMatchObject({ content: { means: expected } });
    const result = await predict(after, pixels);
    expect(result as object).toMatchObject({ content: 'something else' });
    expect(await shown(result)).toMatchObject({ 'text/plain': 'found something else' });
    const raw = await loadModel(folder, { engine: 'plain', task: 'tensors' });
    dispose.push(raw);
    expect((await predict(raw, pixels)).kind).toBe('tensors');
  });

  const zero = (): number => 0;
  test.each([
    [{ name: '', read: zero }, 'INVALID_ARGUMENT', /non-empty string for task\.name/],
    [{ name: 'x' }, 'INVALID_ARGUMENT', /function for task\.read/],
    [{ name: 'x', read: zero, architectures: 'Y' }, 'INVALID_ARGUMENT', /list of names for task\.architectures/],
    [{ name: 'x', read: zero, show: 1 }, 'UNKNOWN_OPTION', /Unknown option "show" for task/],
  ])('%j is refused', async (task, code, message) => {
    expect(() => registerTask(task as never)).toThrow(expect.objectContaining({ code }));
    expect(() => registerTask(task as never)).toThrow(message);
    await expect(loadModel('.', { task: task as never })).rejects.toMatchObject({ code });
  });
});

test('a network with float16 inputs gets float16', async () => {
  const model = await loadModel(await unknownModel('HalfNet', 'float16'), { task: 'tensors', engine: 'plain' });
  dispose.push(model);
  const odd = { ...pixels, data: Uint8Array.from({ length: 12 }, (_, i) => i) };
  const { raw } = await predict(model, odd);
  expect(raw!.outputs[0]).toMatchObject({ dtype: 'float16', shape: [1, 3, 2, 2] });
  expect([...(raw!.outputs[0]!.data as Float32Array)]).toEqual([0, 3, 6, 9, 1, 4, 7, 10, 2, 5, 8, 11]);
});
