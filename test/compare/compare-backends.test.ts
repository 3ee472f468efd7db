import { cp, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import {
  type Backend,
  type BackendName,
  compareBackends,
  type EvaluationReport,
  evaluate,
  loadModel,
  openDataset,
} from '../../src';
import { damageLowBits } from '../helpers/damage-weights';
import { makeFolder } from '../helpers/folders';
import { demoModel, projectRoot, runScript, sharedPath } from '../helpers/project';
import { runPython } from '../helpers/python';

const image = path.join(projectRoot, 'notebooks/images/shapes.png');
const picodet = demoModel('shapes_det_picodet');

test('backends that do not support a .json program are rows with the reason', async () => {
  const report = await compareBackends(picodet, image, {
    format: 'json',
    runs: 3,
    backends: ['plain', 'onednn', 'openvino', 'openvino-runtime'],
  });
  expect(report.rows.map((row) => row.kind)).toEqual(['measured', 'failed', 'unavailable', 'unavailable']);
  expect(report.rows[2]).toMatchObject({ reason: expect.stringContaining('.pdmodel programs only') });
  expect(report.best?.name).toBe('plain');
});

test('several runtimes are compared, independent of the runtime loaded in this process', async () => {
  const runtime = ['3.3.1', '2.6.2', '1.2.3'];
  const report = await compareBackends(picodet, image, { runtime, runs: 4, backends: ['plain', 'openvino'] });
  expect(report.rows.map((row) => [row.backend, row.kind])).toEqual([
    ['plain (3.3.1)', 'measured'],
    ['plain (2.6.2)', 'measured'],
    ['plain (1.2.3)', 'unavailable'],
    ['openvino (3.3.1)', 'measured'],
    ['openvino (2.6.2)', 'unavailable'],
    ['openvino (1.2.3)', 'unavailable'],
  ]);
  expect(report.measured.map((row) => row.library)).toEqual(['Paddle 3.3.1', 'Paddle 2.6.2', 'Paddle 3.3.1']);
  expect(report.rows[2]).toMatchObject({ reason: expect.stringContaining('runtime install --version 1.2.3') });
});

test('stages are measured separately from pixels to a result; clones, batches and a generated image work', async () => {
  const stages = await compareBackends(picodet, image, {
    mode: 'endToEnd',
    runs: 3,
    backends: ['plain', 'paddle-python'],
  });
  const [row] = stages.measured;
  expect(row?.stages).toEqual({
    preprocessMs: expect.any(Number),
    inferenceMs: expect.any(Number),
    postprocessMs: expect.any(Number),
  });
  expect(row!.stages!.inferenceMs).toBeLessThanOrEqual(row!.medianMs);
  expect(stages.rows[1]).toMatchObject({ kind: 'unavailable', reason: expect.stringContaining('mode "model" only') });
  const report = await compareBackends(picodet, undefined, {
    runs: 4,
    rounds: 2,
    batchSizes: [2],
    backends: ['openvino', { engine: 'onednn', threads: 1, clones: 2 }, { engine: 'openvino', clones: 2 }],
  });
  expect(report.rows.map((one) => [one.backend, one.kind])).toEqual([
    ['openvino', 'measured'],
    ['onednn × 2', 'measured'],
    ['openvino × 2', 'unavailable'],
  ]);
  for (const { throughput } of report.measured) {
    expect(throughput).toMatchObject([{ kind: 'measured', batch: 1 }, { batch: 2 }]);
  }
  expect(inspect(report)).toMatch(/images\/s/);
});

test('an engine that crashes its process is a row with that reason (YOLOv3 .json under oneDNN)', async ({ skip }) => {
  const arch = sharedPath('models/arch/yolov3_mobilenet_v1_270e_coco');
  const fill = sharedPath('models/fill_params.py');
  if (arch === undefined || fill === undefined) return skip('the shared models are not on this machine');
  const folder = path.join(makeFolder(), 'yolov3');
  await cp(arch, folder, { recursive: true });
  const filled = await runPython([fill, folder]);
  expect(filled.stderr).toBe('');
  const report = await compareBackends(folder, image, {
    format: 'json',
    runs: 2,
    maxSeconds: 0,
    warmup: 1,
    backends: ['plain', 'onednn'],
  });
  expect(report.rows).toMatchObject([
    { backend: 'plain', kind: 'measured' },
    { backend: 'onednn', kind: 'crashed', reason: 'segmentation fault inside Paddle (SIGSEGV)' },
  ]);
});

describe('a backend that', () => {
  function commandRuntime(behaviour: string): Backend {
    const args = [path.join(__dirname, 'command-runtime.cjs'), behaviour];
    return { kind: 'command', name: behaviour, command: process.execPath, args };
  }

  test.each([
    ['crash at the start', 'crashed', /SIGSEGV/],
    ['exit at the start', 'crashed', /exit code 3: no such model/],
    ['crash in a turn', 'crashed', /SIGABRT/],
    ['refuse a turn', 'failed', /not today/],
    ['write invalid answers', 'failed', /Invalid reply: what\?/],
  ])('is made to %s is a row, and the others are measured', async (behaviour, kind, reason) => {
    const backends = ['openvino' as const, commandRuntime(behaviour)];
    const report = await compareBackends(picodet, image, { runs: 2, warmup: 1, backends });
    expect(report.rows).toMatchObject([{ kind: 'measured' }, { kind, reason: expect.stringMatching(reason) }]);
    expect(report.best?.name).toBe('openvino');
  });

  test('hangs or exhausts memory is terminated', async () => {
    const hanging = [commandRuntime('hang at the start')];
    const hung = await compareBackends(picodet, image, { backends: hanging, timeoutSeconds: 1 });
    expect(hung.rows).toMatchObject([{ kind: 'timeout', reason: 'gave no result within 1 s' }]);
    const backends = ['openvino' as const, commandRuntime('eat memory')];
    const report = await compareBackends(picodet, image, { runs: 2, warmup: 1, backends, memoryLimit: 1e9 });
    expect(report.rows).toMatchObject([
      { kind: 'measured' },
      { kind: 'out-of-memory', reason: expect.stringMatching(/more than the limit of 0\.93 GiB/) },
    ]);
  });

  test('is any program of the user’s is measured, with a warning if its results differ', async () => {
    const report = await compareBackends(picodet, image, {
      runs: 2,
      warmup: 1,
      backends: ['openvino', commandRuntime('echo')],
    });
    expect(report.rows[1]).toMatchObject({ kind: 'failed', reason: expect.stringContaining("can't be read") });
    const { rows } = await compareBackends(picodet, image, {
      runs: 2,
      config: undefined,
      backends: ['openvino', { kind: 'command', name: 'none', command: '/no/such/program' }],
    });
    expect(rows[1]).toMatchObject({ kind: 'unavailable', reason: expect.stringContaining('/no/such/program') });
  });
});

test.each(['shapes_cls_mbv3s', 'shapes_det_picodet', 'shapes_ins_maskrcnn', 'shapes_seg_ppliteseg'] as const)(
  'weights of %s with damaged low bits are detected; a copy of the same file is not',
  async (name) => {
    const folder = makeFolder();
    const model = demoModel(name);
    const copied = path.join(folder, 'copied');
    await cp(model, copied, { recursive: true });
    const backends: (Backend | BackendName)[] = ['plain', { name: 'copied', engine: 'plain', model: copied }];
    for (const bits of [8, 1]) {
      const damaged = path.join(folder, `${bits} bits`);
      await cp(model, damaged, { recursive: true });
      const params = path.join(damaged, name === 'shapes_cls_mbv3s' ? 'inference.pdiparams' : 'model.pdiparams');
      await writeFile(params, damageLowBits(await readFile(params), bits));
      backends.push({ name: `${bits} bits damaged`, engine: 'plain', model: damaged });
    }
    const report = await compareBackends(model, image, { runs: 2, warmup: 1, backends });
    expect(report.rows).toMatchObject([
      { backend: 'plain', agrees: true },
      { backend: 'copied', agrees: true, outputs: { maxAbs: 0 } },
      { backend: '8 bits damaged', agrees: false },
      { backend: '1 bits damaged', agrees: false },
    ]);
    expect(inspect(report)).toMatch(/8 bits damaged .*⚠.*other weights/);
  },
);

test('an interrupt keeps the finished rows', async () => {
  const controller = new AbortController();
  controller.abort();
  const report = await compareBackends(picodet, image, { signal: controller.signal, backends: ['plain', 'onednn'] });
  expect(report.rows.map((row) => row.kind)).toEqual(['interrupted', 'interrupted']);
  expect(report.best).toBeUndefined();
  const later = new AbortController();
  const { rows } = await compareBackends(picodet, image, {
    signal: later.signal,
    onProgress: ({ phase, number }) => phase === 'round' && number === 3 && later.abort(),
    backends: ['openvino', 'plain'],
    runs: 100_000,
    rounds: 10_000,
    maxSeconds: 3600,
  });
  expect(rows.map((row) => row.kind)).toEqual(['measured', 'measured']);
});

test('when the process is killed, its paused child processes are killed as well', async () => {
  const { stdout, signal } = await runScript(`
    const running = lab.compareBackends(${JSON.stringify(picodet)}, ${JSON.stringify(image)}, {
      backends: ['plain', 'openvino', 'onednn'], runs: 100000, rounds: 10000, maxSeconds: 3600 });
    running.catch(() => undefined);
    const { readFileSync } = require('node:fs');
    const children = () => readFileSync('/proc/self/task/' + process.pid + '/children', 'utf8').trim().split(' ');
    const timer = setInterval(() => {
      const pids = children();
      const stopped = pids.filter((pid) => / T /.test(readFileSync('/proc/' + pid + '/stat', 'utf8')));
      if (pids.length < 4 || stopped.length < 2) return;
      clearInterval(timer);
      require('node:fs').writeSync(1, pids.join(' '));
      process.kill(process.pid, 'SIGKILL');
    }, 100);
  `);
  expect(signal).toBe('SIGKILL');
  const pids = stdout.trim().split(' ');
  expect(pids.length).toBeGreaterThanOrEqual(4);
  await expect.poll(() => alive(pids), { timeout: 20_000 }).toEqual([]);
});

async function alive(pids: readonly string[]): Promise<string[]> {
  const states = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')));
  return pids.filter((_, i) => states[i] !== '' && !/\) Z /.test(states[i] ?? ''));
}

test('arguments are checked', async () => {
  const refused = (options: object) => expect(compareBackends(picodet, image, options as never)).rejects;
  await refused({ backends: ['onedn'] }).toThrow(/for backends\[0\]/);
  await refused({ backends: [{ engin: 'plain' }] }).toThrow(/Unknown option "engin" .* did you mean "engine"/);
  await refused({ backends: [{ kind: 'onnx' }] }).toThrow(/for backends\[0\]\.kind/);
  await refused({ backends: [] }).toThrow(/non-empty array for backends/);
  await refused({ backends: [{ engine: 'mkl' }] }).toThrow(/for engine/);
  await refused({ backends: [{ kind: 'paddle-python', engine: 'mkl' }] }).toThrow(/for engine/);
  await refused({ backends: [{ kind: 'command', command: 'x', args: [1] }] }).toThrow(
    /array of strings for backends\[0\]\.args/,
  );
  await refused({ round: 3 }).toMatchObject({ code: 'UNKNOWN_OPTION' });
  await refused({ threads: [1, 0] }).toThrow(/Expected integer ≥ 1 for threads\[1\] but received 0/);
  await refused({ preset: 'slow' }).toThrow(/for preset/);
  await refused({ baseline: 'onednn', backends: ['plain'] }).toThrow(/for baseline/);
  await expect(compareBackends('no/such/folder', image)).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
  await expect(loadModel(picodet, { backend: 'plain', engine: 'plain' })).rejects.toThrow(/either backend or engine/);
  await expect(loadModel(picodet, { backend: 'paddle-python' })).rejects.toThrow(
    /an external runtime is compared only/,
  );
});

test('a data set gives each backend its accuracy, and the difference to the baseline with its interval', async () => {
  const folder = makeFolder();
  await cp(picodet, folder, { recursive: true });
  const weights = path.join(folder, 'model.pdiparams');
  await writeFile(weights, damageLowBits(await readFile(weights), 21));
  const scenes = path.join(projectRoot, 'notebooks/data/val.coco.json');
  const steps = new Set<string>();
  const report = await compareBackends(picodet, undefined, {
    dataset: await openDataset(scenes, { limit: 8 }),
    runs: 2,
    rounds: 2,
    backends: ['plain', 'onednn', { engine: 'plain', model: folder, name: 'damaged' }, 'paddle-python'],
    onProgress: ({ phase }) => steps.add(phase),
  });
  const [plain, onednn, damaged] = ['plain', 'onednn', 'damaged'].map((name) => {
    const accuracy = report.measured.find(({ backend }) => backend === name)?.accuracy;
    if (accuracy?.kind !== 'measured') throw new Error(`${name} has no accuracy`);
    return accuracy;
  });
  expect(steps).toContain('evaluate');
  expect(plain).toMatchObject({ name: 'AP', images: 8 });
  expect(plain!.difference).toBeUndefined();
  expect(plain!.value).toBe((await evaluateLimited(scenes)).figure('AP'));
  expect(Math.abs(onednn!.difference!.value)).toBeLessThan(0.01);
  expect(damaged!.difference!.value).toBeLessThan(-0.01);
  expect(damaged!.difference!.interval!.high).toBeLessThan(0.05);
  expect(damaged!.difference!.interval!.low).toBeLessThan(damaged!.difference!.value);
  const text = inspect(report);
  expect(text).toMatch(/AP % \(difference\)/);
  expect(text).toMatch(/^damaged .* \d+\.\d\d \(−\d+\.\d\d, −\d+\.\d\d to .\d+\.\d\d\)/m);
  expect(text).toMatch(/^AP on .+val\.coco\.json \(8 images\); differences to plain on the same images/m);
  expect(report.toCsv()).toMatch(/,accuracyName,accuracy,accuracyDifference,/);
  const python = report.measured.find(({ backend }) => backend === 'paddle-python')?.accuracy;
  if (python !== undefined) expect(python).toMatchObject({ kind: 'unavailable' });
});

async function evaluateLimited(scenes: string): Promise<EvaluationReport> {
  return evaluate(await loadModel(picodet, { engine: 'plain', trial: false }), scenes, { dataset: { limit: 8 } });
}

test('a data set that does not suit the model ends the comparison before anything is measured', async () => {
  const scenes = path.join(projectRoot, 'notebooks/data/val-masks.txt');
  const started = compareBackends(picodet, image, { dataset: scenes, runs: 1, backends: ['plain'] });
  await expect(started).rejects.toMatchObject({ code: 'DATASET_INVALID' });
});
