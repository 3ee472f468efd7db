import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type * as Lab from '../../src';
import { demoModel, projectRoot, runProcess } from '../helpers/project';

// From the compiled package, because an external kind registers itself there.
const lab = require(projectRoot) as typeof Lab;
const own = path.join(__dirname, 'own-backend.cjs');
require(own);

const directory = demoModel('shapes_det_picodet');
const image = path.join(projectRoot, 'notebooks/images/shapes.png');
const counted = { kind: 'counted' } as unknown as Lab.SessionBackend;

let folder: string;
let expected: Lab.PredictResult;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'paddlelab-backends-'));
  expected = await lab.withModel(directory, (model) => lab.predict(model, image), {
    ...{ engine: 'plain', threads: 1, trial: false },
  });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const digest = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

/** The results without times. */
const found = ({ detections }: Lab.PredictResult): unknown => detections;

describe('an externally registered backend', () => {
  test('runs models: predict, a stream of copies, raw tensors, pictures, COCO', async () => {
    const model = await lab.loadModel(directory, { backend: counted });
    try {
      const result = await lab.predict(model, image);
      expect(found(result)).toEqual(found(expected));
      expect(lab.toCoco(result, { imageId: 1 })).toEqual(lab.toCoco(expected, { imageId: 1 }));
      expect((await lab.visualize(image, result)).width).toBe(320);
      const streamed: unknown[] = [];
      for await (const one of lab.predictStream(model, [image, image, image], { parallel: 2 }))
        streamed.push(found(one));
      expect(streamed).toEqual([found(expected), found(expected), found(expected)]);
      const { inputs } = await model.preprocess(image);
      expect((await model.session.run(inputs)).map(({ name }) => name)).toEqual(model.session.outputNames);
      expect(model.session).toMatchObject({ runs: expect.any(Number), info: { library: 'counted Paddle' } });
      expect(String(require('node:util').inspect(model))).toContain('on counted Paddle: cpu, fp32');
      expect(() => model.predictor).toThrow(/backend "counted".*use model\.session/);
    } finally {
      await model.dispose();
    }
  });

  test('is compared, also end to end, and gives a reason if it can not run', async () => {
    const backends = ['plain', counted, { ...counted, name: 'not here', reason: 'no card' }] as never[];
    const report = await lab.compareBackends(directory, image, { backends, runs: 3, rounds: 3, mode: 'endToEnd' });
    const [, row, missing] = report.rows;
    expect(row).toMatchObject({ backend: 'counted', kind: 'measured', library: 'counted Paddle', agrees: true });
    expect(row).toMatchObject({ stages: { inferenceMs: expect.any(Number) } });
    expect(missing).toMatchObject({ backend: 'not here', kind: 'unavailable', reason: 'no card' });
    expect(report.toCsv()).toContain('\ncounted,measured,counted Paddle,');
  });

  test("works with the infer command: pictures, COCO and CSV equal Paddle's", async () => {
    const infer = async (name: string, ...flags: string[]): Promise<Record<string, string>> => {
      const out = path.join(folder, name);
      const main = path.join(projectRoot, 'dist/cli/main.js');
      const words = ['infer', directory, image, '--save', 'picture,coco,csv', '--output-dir', out, ...flags];
      const argv = name === 'own' ? ['--require', own, ...words] : words;
      const { code, stderr } = await runProcess(process.execPath, [main, ...argv]);
      expect(code, stderr).toBe(0);
      const names = (await readdir(out)).filter((file) => !file.startsWith('.')).sort();
      return Object.fromEntries(
        await Promise.all(names.map(async (file) => [file, digest(await readFile(path.join(out, file)))])),
      );
    };
    const ours = await infer('own', '--backend', '{ "kind": "counted", "threads": 1 }');
    expect(Object.keys(ours).length).toBeGreaterThan(2);
    expect(ours).toEqual(await infer('plain', '--engine', 'plain', '--cpu-threads', '1'));
  });

  test('is refused with the nearest name or key, and can not be registered twice', async () => {
    const load = (backend: object) => lab.loadModel(directory, { backend: backend as never });
    await expect(load({ kind: 'countd' })).rejects.toThrow(/Expected one of .*"counted".* but received "countd"/);
    await expect(load({ ...counted, reasn: 'x' })).rejects.toMatchObject({ code: 'UNKNOWN_OPTION' });
    const kind = { kind: 'counted', optionKeys: [], open: async () => ({}) as never };
    expect(() => lab.registerBackend(kind)).toThrow(/name that no other backend has/);
  });
});

describe('Paddle in a separate process', () => {
  test('gives bit-identical results, and ends with the model', async () => {
    const model = await lab.loadModel(directory, { backend: { kind: 'paddle-process', engine: 'plain' } });
    expect(model.runtime).toMatchObject({ backend: 'paddle-process', engine: 'plain', library: /^Paddle \d/ as never });
    const { detections } = await lab.predict(model, image);
    const native = await lab.withModel(directory, (one) => lab.predict(one, image), { engine: 'plain', trial: false });
    expect(detections).toEqual(native.detections);
    const times = await model.session.timeRuns?.([(await model.preprocess(image)).inputs as never], {
      runs: 3,
      warmup: 1,
    });
    expect(times).toHaveLength(3);
    await model.dispose();
    await expect(lab.predict(model, image)).rejects.toMatchObject({ code: 'DISPOSED' });
  });

  test('a crashed process is an error of the run, and the next model works', async () => {
    const model = await lab.loadModel(directory, { backend: { kind: 'paddle-process', engine: 'plain' } });
    const worker = (model.session as unknown as { worker: { pid: number } }).worker;
    const running = lab.predict(model, image);
    process.kill(worker.pid, 'SIGSEGV');
    await expect(running).rejects.toMatchObject({
      code: 'PREDICTOR_RUN_FAILED',
      message: expect.stringMatching(/segmentation fault inside Paddle \(SIGSEGV\); load the model again/),
    });
    await model.dispose();
    const next = await lab.loadModel(directory, { backend: 'paddle-process' });
    expect((await lab.predict(next, image)).detections?.length).toBeGreaterThan(0);
    await next.dispose();
  });

  test('an abort rejects at once, and the session stays usable', async () => {
    const model = await lab.loadModel(directory, { backend: { kind: 'paddle-process', engine: 'plain', threads: 1 } });
    const aborter = new AbortController();
    const given = lab.predict(model, image, { signal: aborter.signal });
    aborter.abort();
    await expect(given).rejects.toMatchObject({ code: 'ABORTED' });
    expect((await lab.predict(model, image)).detections).toEqual(expected.detections);
    await model.dispose();
  });

  test('an error of Paddle has its code', async () => {
    const load = lab.loadModel(directory, { backend: { kind: 'paddle-process', device: 'gpu' } });
    await expect(load).rejects.toMatchObject({ code: 'DEVICE_UNAVAILABLE' });
  });
});
