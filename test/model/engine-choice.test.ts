import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { inspectCustom, jupyterDisplay, loadModel, predict } from '../../src';
import { setLiveDisplay } from '../../src/display/live-output';
import { runtimesFolder } from '../../src/runtime/cache';
import { demoModel, projectRoot } from '../helpers/project';

const directory = demoModel('shapes_det_picodet');

let folder: string;
const cacheBefore = process.env.PADDLELAB_CACHE;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'paddlelab-engines-'));
  await mkdir(path.join(folder, 'cache'));
  await symlink(runtimesFolder(), path.join(folder, 'cache', 'runtimes'));
  process.env.PADDLELAB_CACHE = path.join(folder, 'cache');
});
afterAll(async () => {
  if (cacheBefore === undefined) delete process.env.PADDLELAB_CACHE;
  else process.env.PADDLELAB_CACHE = cacheBefore;
  await rm(folder, { recursive: true, force: true });
});

/** Parts of a notebook that a trial does not use. */
const nobody = { clear: () => undefined, page: () => undefined, ask: () => '' };

/** The output that a notebook would have shown meanwhile. */
async function shownDuring<T>(work: () => Promise<T>): Promise<{ result: T; shown: string[] }> {
  const shown: string[] = [];
  const show = (bundle: object): void => void shown.push(String((bundle as { 'text/plain': string })['text/plain']));
  setLiveDisplay({
    ...nobody,
    create: (bundle) => {
      show(bundle);
      return { update: show };
    },
  });
  try {
    return { result: await work(), shown };
  } finally {
    setLiveDisplay(undefined);
  }
}

test('by default the fastest engine that works and agrees is chosen, once, and the model gives the reason', async () => {
  const first = await shownDuring(() => loadModel(directory));
  const { engine, engineReason, engineTrial = [] } = first.result.runtime;
  const measured = engineTrial.flatMap((row) => (row.outcome === 'measured' ? [row] : []));
  expect(measured.map((row) => row.engine).sort()).toEqual(['onednn', 'openvino', 'plain']);
  expect(engine).toBe(measured.reduce((best, row) => (row.bestMs < best.bestMs ? row : best)).engine);
  expect(engineReason).toMatch(/^fastest of (\w+ [\d.]+ ms(, )?){3}$/);
  expect(first.result[inspectCustom]()).toContain(`${engine} (${engineReason})`);
  expect(first.result[jupyterDisplay]()['text/html']).toContain(engineReason);
  expect(first.shown).toContain('finding the fastest engine for GFL: trying engine plain …');
  expect(first.shown.at(-1)).toMatch(/^finding the fastest engine for GFL: done in \d+ s$/);
  await first.result.dispose();

  const second = await shownDuring(() => loadModel(directory, { engine: 'auto' }));
  expect(second.result.runtime).toEqual(first.result.runtime);
  expect(second.shown).toEqual([]);
  await second.result.dispose();
});

test('an engine that fails on the model is rejected, and the display gives the reason', async () => {
  const model = await loadModel(directory, { format: 'json' });
  const { engine, engineReason, engineTrial = [] } = model.runtime;
  // oneDNN for fused operators works where full oneDNN fails. Whether it or plain is faster depends on the machine.
  const measured = engineTrial.flatMap((row) => (row.outcome === 'measured' ? [row] : []));
  expect(measured.map((row) => row.engine).sort()).toEqual(['onednn-fused', 'plain']);
  expect(engine).toBe(measured.reduce((best, row) => (row.bestMs < best.bestMs ? row : best)).engine);
  expect(engineReason).toMatch(
    /^fastest of (onednn-fused|plain) [\d.]+ ms, (onednn-fused|plain) [\d.]+ ms; openvino unavailable, onednn fails$/,
  );
  const html = String(model[jupyterDisplay]()['text/html']);
  expect(html).toContain('The OpenVINO engine takes .pdmodel programs only');
  expect(html).toMatch(/not onednn<\/th><td[^>]*>fails: run: /);
  await model.dispose();
});

test('without a trial the default is used', async () => {
  for (const [format, engine] of [
    ['pdmodel', 'onednn'],
    ['json', 'plain'],
  ] as const) {
    const model = await loadModel(directory, { format, trial: false });
    expect(model.runtime).toMatchObject({ engine, engineReason: 'default without a trial', engineTrial: undefined });
    await model.dispose();
  }
});

test('a requested engine is never replaced', async () => {
  const model = await loadModel(directory, { engine: 'plain' });
  expect(model.runtime).toMatchObject({ engine: 'plain', engineReason: 'asked for' });
  expect(model.predictor.settings.onednn).toBe(false);
  await model.dispose();
  await expect(loadModel(directory, { engine: 'openvino', format: 'json' })).rejects.toMatchObject({
    code: 'ENGINE_UNAVAILABLE',
    message: expect.stringMatching(/OpenVINO engine takes .pdmodel programs only/),
  });
});

test('oneDNN for fused operators agrees with plain on a .json program, and is refused for others', async () => {
  const image = path.join(projectRoot, 'notebooks/images/shapes.png');
  const options = { format: 'json', trial: false } as const;
  const fused = await loadModel(directory, { ...options, engine: 'onednn-fused' });
  const plain = await loadModel(directory, { ...options, engine: 'plain' });
  expect(fused.predictor.settings.onednn).toBe(true);
  const [found, expected] = [await predict(fused, image), await predict(plain, image)];
  expect(found.detections).toHaveLength(expected.detections!.length);
  for (const [i, { score, box, classId }] of found.detections!.entries()) {
    const other = expected.detections![i]!;
    expect(classId).toBe(other.classId);
    expect(Math.abs(score - other.score)).toBeLessThan(1e-4);
    for (const [side, value] of box.entries()) expect(Math.abs(value - other.box[side]!)).toBeLessThan(0.05);
  }
  await fused.dispose();
  await plain.dispose();
  await expect(loadModel(directory, { format: 'pdmodel', engine: 'onednn-fused' })).rejects.toMatchObject({
    code: 'ENGINE_UNAVAILABLE',
    message: 'Engine "onednn-fused" is for .json programs; use engine: "onednn"',
  });
});

test('a trial is cancelled when its signal fires', async () => {
  const aborter = new AbortController();
  const { shown } = await shownDuring(async () => {
    const loading = loadModel(directory, { threads: 1, signal: aborter.signal });
    setLiveDisplay({
      ...nobody,
      create: () => {
        aborter.abort();
        return { update: () => undefined };
      },
    });
    await expect(loading).rejects.toMatchObject({ code: 'ABORTED' });
  });
  expect(shown).toEqual([]);
});

test('wrong options are refused', async () => {
  await expect(loadModel(directory, { trial: 'no' as never })).rejects.toMatchObject({
    code: 'INVALID_ARGUMENT',
    message: 'Expected boolean for trial but received "no" (string)',
  });
  await expect(loadModel(directory, { engine: 'fastest' as never })).rejects.toMatchObject({
    message: expect.stringMatching(/one of "plain", "onednn", "onednn-fused", "openvino", "auto" for engine/),
  });
});
