import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { loadModel, type Model } from '../../src';
import { OpenvinoEngine } from '../../src/inference/openvino-engines';
import { projectRoot } from '../helpers/project';

const folder = path.join(projectRoot, 'notebooks/models/shapes_det_picodet');
const files = { program: path.join(folder, 'model.pdmodel'), params: path.join(folder, 'model.pdiparams') };

test('each predictor but the first gets a program of the same size with names of its own', async () => {
  const [first, second, third] = [OpenvinoEngine.claim(), OpenvinoEngine.claim(), OpenvinoEngine.claim()];
  expect(await first.ownProgram(files)).toBeUndefined();
  const original = await readFile(files.program, 'latin1');
  const names = new Set<string>();
  for (const [i, engine] of [second, third].entries()) {
    const own = await engine.ownProgram(files);
    const program = await readFile(own?.program ?? '', 'latin1');
    expect(program.length).toBe(original.length);
    const renamed = [...program.matchAll(/~(\w)/g)].map(([, place]) => place);
    expect(renamed.length).toBeGreaterThan(100);
    expect(new Set(renamed)).toEqual(new Set([`${i + 1}`]));
    names.add(program);
    await own?.folder.release();
  }
  expect(names.size).toBe(2);
  second.release();
  const again = OpenvinoEngine.claim();
  const own = await again.ownProgram(files);
  expect(names).toContain(await readFile(own?.program ?? '', 'latin1'));
  await own?.folder.release();
  for (const engine of [first, again, third]) engine.release();
});

// Before they had names of their own, one of four runs of this ended with "PREDICTOR_RUN_FAILED … compiled_model.cpp".
test.runIf(process.arch === 'x64')(
  'predictors of one model that are made at the same time keep their engines',
  async () => {
    const models: Model[] = [];
    for (let round = 0; round < 3; round++) {
      models.push(
        ...(await Promise.all(Array.from({ length: 4 }, () => loadModel(folder, { engine: 'openvino', threads: 1 })))),
      );
      const answers = await Promise.all(models.map(run));
      expect(new Set(answers).size).toBe(1);
    }
    await Promise.all(models.map((model) => model.dispose()));
  },
);

// 30 MB each remained.
test.runIf(process.arch === 'x64')('a model that is disposed gives the memory of its engine back', async () => {
  const afterLoading = async (): Promise<number> => {
    const model = await loadModel(folder, { engine: 'openvino', threads: 1 });
    await run(model);
    await model.dispose();
    return process.memoryUsage().rss / 2 ** 20;
  };
  for (let warm = 0; warm < 3; warm++) await afterLoading();
  const before = await afterLoading();
  let after = before;
  for (let round = 0; round < 10; round++) after = await afterLoading();
  expect(after - before).toBeLessThan(150);
});

async function run({ session }: Model): Promise<string> {
  const feeds = session.inputs.map(({ name, shape }) => {
    const sides = shape.map((extent, i) => (extent > 0 ? extent : shape.length === 4 && i >= 2 ? 256 : 1));
    return [name, { shape: sides, data: new Float32Array(sides.reduce((a, b) => a * b, 1)).fill(0.5) }] as const;
  });
  const outputs = await session.run(Object.fromEntries(feeds));
  return outputs.map(({ data }) => data.toString()).join(';');
}
