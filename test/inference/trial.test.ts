import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Config, createPredictor, type Predictor } from '../../src';
import { engines } from '../../src/inference/engine';
import { agree, type SampledTensor } from '../../src/inference/engine-trial/agreement';
import { engineOfSteps, stepsWithEngine } from '../../src/inference/engine-trial/engine-steps';
import { crashError } from '../../src/inference/engine-trial/refuse-crash';
import type { TrialModel } from '../../src/inference/engine-trial/trial-model';
import { startTrial } from '../../src/inference/engine-trial/trial-process';
import { describeRows, problemOf } from '../../src/inference/engine-trial/trial-rows';
import { contentDigest } from '../../src/inference/engine-trial/verdict-cache';
import { refuseMissingOnednn } from '../../src/inference/missing-onednn';
import type { ConfigStep } from '../../src/native/paddle-types';
import { runtimesFolder } from '../../src/runtime/cache';
import { projectRoot, runScript } from '../helpers/project';

const tiny = path.join(projectRoot, 'test/long/tiny-model');
const params = path.join(tiny, 'model.pdiparams');
const input = { x: { shape: [1, 8], data: new Float32Array(8).fill(1) } };

let folder: string;
let deadly: string;
const cacheBefore = process.env.PADDLELAB_CACHE;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'paddlelab-trial-'));
  // A cache of this test's own, which knows the installed runtimes.
  const cache = path.join(folder, 'cache');
  await mkdir(cache);
  await symlink(runtimesFolder(), path.join(cache, 'runtimes'));
  process.env.PADDLELAB_CACHE = cache;
  deadly = await writeDeadlyModel();
});
afterAll(async () => {
  if (cacheBefore === undefined) delete process.env.PADDLELAB_CACHE;
  else process.env.PADDLELAB_CACHE = cacheBefore;
  await rm(folder, { recursive: true, force: true });
});

/** Paddle 3.3.1 reads what parameters lack here, and ends with a segmentation fault. */
async function writeDeadlyModel(): Promise<string> {
  const root = JSON.parse(await readFile(path.join(tiny, 'model.json'), 'utf8'));
  delete root.program.regions[0].blocks[0].ops[0].OA;
  const file = path.join(folder, 'deadly.json');
  await writeFile(file, JSON.stringify(root));
  return file;
}

function configOf(program: string): Config {
  const config = new Config(program, params);
  config.disableGpu();
  config.disableOnednn();
  return config;
}

async function runOnce(predictor: Predictor): Promise<number> {
  const [output] = await predictor.run(input);
  await predictor.dispose();
  return output?.data.length ?? 0;
}

const verdicts = async (): Promise<number> =>
  (await readdir(path.join(folder, 'cache', 'trials')).catch(() => [])).filter((name) => name.endsWith('.json')).length;

describe('a model that crashes Paddle', () => {
  test('is a coded error that says how, and this process lives on', async () => {
    await expect(createPredictor(configOf(deadly))).rejects.toMatchObject({
      code: 'MODEL_DAMAGED',
      message: expect.stringMatching(
        /can run in .*deadly.json, but when tried in a separate process it crashes: segmentation fault inside Paddle \(SIGSEGV\), and no other engine runs it either; export or copy/,
      ),
    });
    expect(await runOnce(await createPredictor(configOf(path.join(tiny, 'model.json'))))).toBe(4);
  });

  test('is remembered: the second time nothing is tried', async () => {
    const before = await verdicts();
    await expect(createPredictor(configOf(deadly))).rejects.toMatchObject({ code: 'MODEL_DAMAGED' });
    expect(await verdicts()).toBe(before);
    expect(before).toBeGreaterThan(0);
  });

  test('ends a process that wants no trial, which shows that the trial is what saves it', async () => {
    const { signal } = await runScript(
      `const config = new lab.Config(${JSON.stringify(deadly)}, ${JSON.stringify(params)});
       config.disableGpu();
       config.disableOnednn();
       await lab.createPredictor(config, { trial: false });`,
    );
    expect(signal).toBe('SIGSEGV');
  });
});

test('trying the OpenVINO engine leaves nothing in the working directory', () => {
  const set = (steps: readonly ConfigStep[]) => steps.find(({ method }) => method === 'SetOptimCacheDir')?.arguments;
  expect(set(stepsWithEngine([], 'openvino'))).toEqual([path.join(process.env.PADDLELAB_CACHE!, 'openvino')]);
  const own: ConfigStep = { method: 'SetOptimCacheDir', arguments: ['mine'] };
  expect(set(stepsWithEngine([own], 'openvino'))).toEqual(['mine']);
});

test('too little memory is not taken for a damaged model', () => {
  const subject = { program: 'model.pdmodel', library: { runtime: { version: '3.3.1' } } } as Pick<
    TrialModel,
    'program' | 'library'
  >;
  const crashed = (reason: string) => crashError(subject, 'plain', { kind: 'crashed', reason }, []);
  const short = crashed('killed, probably out of memory (SIGKILL)');
  expect([short.code, short.message]).toEqual(['MODEL_UNSUPPORTED', expect.stringContaining('free memory')]);
  expect(crashed('segmentation fault (SIGSEGV)').code).toBe('MODEL_DAMAGED');
});

test('a sound model is tried once for each setting, and not again', async () => {
  const program = path.join(tiny, 'model.pdmodel');
  await runOnce(await createPredictor(configOf(program)));
  const once = await verdicts();
  await runOnce(await createPredictor(configOf(program)));
  expect(await verdicts()).toBe(once);
  const threaded = configOf(program);
  threaded.setCpuMathLibraryNumThreads(2);
  await runOnce(await createPredictor(threaded));
  expect(await verdicts()).toBe(once + 1);
});

test('a copy of a model elsewhere is the same model', async () => {
  const program = path.join(tiny, 'model.pdmodel');
  await runOnce(await createPredictor(configOf(program)));
  const before = await verdicts();
  const copy = path.join(folder, 'copy.pdmodel');
  await copyFile(program, copy);
  await runOnce(await createPredictor(configOf(copy)));
  expect(await verdicts()).toBe(before);
});

test('a file that changed under its name, size and time is another file', async () => {
  const file = path.join(folder, 'changing');
  const time = new Date(2020, 1, 1);
  await writeFile(file, 'first');
  await utimes(file, time, time);
  const before = await contentDigest(file);
  await writeFile(file, 'other');
  await utimes(file, time, time);
  expect(await contentDigest(file)).not.toBe(before);
});

test('a trial is given up at once when its signal fires, or when it takes too long', async () => {
  const request = { runtime: '', steps: [], inputs: undefined };
  const process = startTrial();
  const aborter = new AbortController();
  const outcome = process.ask(request, { timeoutMs: 60_000, signal: aborter.signal });
  aborter.abort();
  expect(await outcome).toEqual({ kind: 'interrupted' });
  expect(await startTrial().ask(request, { timeoutMs: 1 })).toEqual({ kind: 'timeout', seconds: 0.001 });
});

describe('engines agree', () => {
  const floats = (values: number[], shape = [values.length]): SampledTensor => ({
    dtype: 'float32',
    shape,
    data: Float32Array.from(values),
  });
  const box = [1, 0.9, 10, 10, 50, 50];
  const other = [0, 0.8, 60, 60, 90, 90];
  const doubtful = [2, 0.05, 0, 0, 5, 5];

  test.each<[string, boolean, SampledTensor[], SampledTensor[]]>([
    ['the same', true, [floats([1, 2])], [floats([1, 2])]],
    ['rounded otherwise', true, [floats([1, 200])], [floats([1.001, 200.1])]],
    ['another value', false, [floats([1, 200])], [floats([1, 190])]],
    ['not a number on one side', false, [floats([1, 2])], [floats([1, Number.NaN])]],
    ['not a number on both', true, [floats([1, Number.NaN])], [floats([1, Number.NaN])]],
    ['another shape', false, [floats([1, 2])], [floats([1, 2], [2, 1])]],
    ['another number of outputs', false, [floats([1])], []],
    ['boxes in another order', true, [floats([...box, ...other], [2, 6])], [floats([...other, ...box], [2, 6])]],
    ['a doubtful box less', true, [floats([...box, ...doubtful], [2, 6])], [floats(box, [1, 6])]],
    ['a clear box less', false, [floats([...box, ...other], [2, 6])], [floats(box, [1, 6])]],
    ['a box elsewhere', false, [floats(box, [1, 6])], [floats([1, 0.9, 30, 30, 70, 70], [1, 6])]],
  ])('%s: %s', (_, expected, a, b) => {
    expect(agree(a, b)).toBe(expected);
  });
});

test('settings are known again by their engine, whichever was set before', () => {
  const own = { method: 'DeletePass', arguments: ['conv_bn_fuse_pass'] };
  for (const engine of engines) {
    const steps = stepsWithEngine([own], engine);
    expect(engineOfSteps(steps)).toBe(engine);
    expect(steps).toContain(own);
    for (const other of engines) expect(engineOfSteps(stepsWithEngine(steps, other))).toBe(other);
  }
});

test('an engine that this Paddle was built without is unavailable, not measured as the plain kernels it would fall back to', () => {
  const step = (method: string): ConfigStep => ({ method, arguments: [] });
  const onednn = [step('DisableGpu'), step('EnableONEDNN')];
  expect(() => refuseMissingOnednn(onednn, { onednn: false }, '3.2.2')).toThrow(
    expect.objectContaining({ code: 'ENGINE_UNAVAILABLE', message: expect.stringMatching(/without oneDNN/) }),
  );
  expect(() => refuseMissingOnednn(onednn, { onednn: true }, '3.3.1')).not.toThrow();
  const off = [...onednn, step('DisableONEDNN')];
  expect(() => refuseMissingOnednn(off, { onednn: false }, '3.2.2')).not.toThrow();

  const lacking = {
    kind: 'failed',
    stage: 'create',
    code: 'ENGINE_UNAVAILABLE',
    message: 'without oneDNN\nstack',
  } as const;
  expect(problemOf(lacking)).toEqual({ outcome: 'unavailable', reason: 'without oneDNN' });
  expect(describeRows([{ engine: 'onednn', ...problemOf(lacking) }])).toBe('onednn unavailable');
  expect(problemOf({ ...lacking, code: undefined })).toEqual({ outcome: 'fails', reason: 'create: without oneDNN' });
});
