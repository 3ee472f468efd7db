import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readClassifierConfig } from '../../src/cli/infer/classifier-config';
import { readPython } from '../../src/cli/infer/python-literal';

let folder: string;
let file: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'paddlelab-config-'));
  file = path.join(folder, 'cls.yaml');
  await writeFile(file, 'Global:\n  inference_model_dir: m\nPreProcess:\n  transform_ops:\n  - NormalizeImage: {}\n');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test.each([
  ['2', 2],
  ['-1e-3', -0.001],
  ['True', true],
  ['None', null],
  ['[0.5,0.5,0.5]', [0.5, 0.5, 0.5]],
  ["(1, [2, 'a, b'], None,)", [1, [2, 'a, b'], null]],
  ['[]', []],
  ['[a, b]', '[a, b]'],
  ['[1, 2', '[1, 2'],
  ['1.0/255.0', '1.0/255.0'],
  ['toString', 'toString'],
  ['', ''],
])('%j is parsed as in Python', (text, value) => {
  expect(readPython(text)).toEqual(value);
});

test('overrides change nested values, also in lists', async () => {
  const override = 'PreProcess.transform_ops.0.NormalizeImage.mean=[0.5,0.5,0.5]';
  expect((await readClassifierConfig(file, [override]))?.config).toMatchObject({
    PreProcess: { transform_ops: [{ NormalizeImage: { mean: [0.5, 0.5, 0.5] } }] },
  });
  await expect(readClassifierConfig(file, ['__proto__.polluted=1'])).rejects.toThrow('has no __proto__');
});

test('overrides are refused without a configuration of PaddleClas', async () => {
  await expect(readClassifierConfig(folder, ['Global.batch_size=2'])).rejects.toMatchObject({
    code: 'INVALID_ARGUMENT',
    message: expect.stringContaining(`-o needs a configuration of PaddleClas, but ${folder} is a folder`),
  });
  expect(await readClassifierConfig(folder, [])).toBeUndefined();
});
