import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type AnyModel, loadModel } from '../../src';
import type { WireTensor } from '../../src/open-inference/tensor-elements';
import { ModelService, type ServiceOptions } from '../../src/serve/service/model-service';
import { wireOutput } from '../../src/serve/service/ports';
import { demoModel, projectRoot } from '../helpers/project';

const image = path.join(projectRoot, 'notebooks/images/shapes.png');
const local = { engine: 'plain', threads: 1, trial: false } as const;
const limits: ServiceOptions = {
  sessions: 2,
  queue: 8,
  maxBatch: 1,
  maxDelay: 0,
  timeout: 60_000,
  maxElements: 1_000_000,
  maxPixels: 1_000_000,
  sharedMemory: false,
};

let detector: AnyModel;
let service: ModelService;
let feeds: WireTensor[];
beforeAll(async () => {
  detector = await loadModel(demoModel('shapes_det_picodet'), local);
  const load = (): Promise<AnyModel> => loadModel(demoModel('shapes_det_picodet'), local);
  service = new ModelService(new Map([['shapes', { load, owned: true }]]), limits);
  const { inputs } = await detector.preprocess(image);
  feeds = Object.entries(inputs).map(([name, { shape, data }]) => ({ name, datatype: 'FP32', shape, elements: data }));
});
afterAll(async () => {
  await service.close();
  await detector.dispose();
});

const refused = (inputs: readonly WireTensor[], outputs?: readonly string[]): Promise<unknown> =>
  service.infer('shapes', undefined, { inputs, outputs });

test('a service is not ready before its models are loaded and warm', async () => {
  expect(service.ready).toBe(false);
  expect(service.modelReady('shapes')).toBe(false);
  await expect(refused(feeds)).rejects.toMatchObject({ code: 'NOT_READY' });
  await service.loadAll();
  expect(service.ready).toBe(true);
  expect(service.modelReady('shapes', '1')).toBe(true);
});

test('the metadata is that of the program; −1 where an extent is free', () => {
  expect(service.modelMetadata('shapes')).toEqual({
    name: 'shapes',
    versions: ['1'],
    platform: 'paddle_pdmodel',
    inputs: [
      { name: 'image', datatype: 'FP32', shape: [-1, 3, 256, 256] },
      { name: 'scale_factor', datatype: 'FP32', shape: [1, 2] },
    ],
    outputs: [
      { name: 'save_infer_model/scale_0.tmp_0', datatype: 'FP32', shape: [-1, 6] },
      { name: 'save_infer_model/scale_1.tmp_0', datatype: 'INT32', shape: [-1] },
    ],
  });
  expect(() => service.modelMetadata('shape')).toThrow(/has no model "shape"; it has shapes/);
  expect(() => service.modelMetadata('shapes', '2')).toThrow(/has no version "2"/);
});

test('runs are those of the local session, also many at once, in the wanted order', async () => {
  const { inputs } = await detector.preprocess(image);
  const expected = (await detector.session.run(inputs)).map(wireOutput);
  const { outputs } = await service.infer('shapes', '1', { inputs: feeds });
  expect(outputs).toEqual(expected);
  const names = [expected[1]!.name, expected[0]!.name];
  const many = await Promise.all(
    Array.from({ length: 8 }, () =>
      service.infer('shapes', undefined, { inputs: [...feeds].reverse(), outputs: names }),
    ),
  );
  for (const one of many) expect(one.outputs).toEqual([expected[1], expected[0]]);
});

test('wrong requests are refused with what was expected', async () => {
  const [first, second] = feeds as [WireTensor, WireTensor];
  await expect(refused([first])).rejects.toThrow(/Expected a tensor for input "scale_factor" but received none/);
  await expect(refused([first, second, first])).rejects.toThrow(/one input "image" but received two/);
  await expect(refused([{ ...first, name: 'imag' }, second])).rejects.toThrow(/no input "imag"; did you mean "image"/);
  await expect(refused([{ ...first, datatype: 'INT32' }, second])).rejects.toThrow(/FP32 for input "image".*INT32/);
  await expect(refused([{ ...first, shape: [3, 256, 256] }, second])).rejects.toThrow(
    /\[-1,3,256,256\] .*\[3,256,256\]/,
  );
  await expect(refused([{ ...first, shape: [0, 3, 256, 256] }, second])).rejects.toThrow(/\[0,3,256,256\]/);
  await expect(refused([{ ...first, shape: [9, 3, 256, 256] }, second])).rejects.toMatchObject({ code: 'TOO_LARGE' });
  await expect(refused(feeds, ['boxes'])).rejects.toThrow(/no output "boxes"/);
});

test('beyond the queue requests are refused at once, and those that wait are answered', async () => {
  const all = await Promise.allSettled(Array.from({ length: 14 }, () => refused(feeds)));
  const failed = all.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []));
  expect(failed).toHaveLength(4);
  for (const error of failed) expect(error).toMatchObject({ code: 'SERVER_BUSY', retryAfter: 1 });
});

test('requests that are cancelled while they wait, or are late already, do not run', async () => {
  const running = [refused(feeds), refused(feeds)];
  const controller = new AbortController();
  const waiting = service.infer('shapes', undefined, { inputs: feeds }, { signal: controller.signal });
  controller.abort();
  await expect(waiting).rejects.toMatchObject({ code: 'ABORTED' });
  const late = service.infer('shapes', undefined, { inputs: feeds }, { deadline: Date.now() - 1 });
  await expect(late).rejects.toMatchObject({ code: 'TIMED_OUT' });
  await Promise.all(running);
});

test('an unloaded model answers what it has taken, and can be loaded again', async () => {
  const taken = refused(feeds);
  await service.unload('shapes');
  await taken;
  expect(service.index()).toEqual([{ name: 'shapes', version: '1', state: 'UNAVAILABLE', reason: 'it was unloaded' }]);
  await expect(refused(feeds)).rejects.toThrow(/Model "shapes" is not ready: it was unloaded/);
  // The server is ready without it: that was wanted.
  expect(service.ready).toBe(true);
  await service.load('shapes');
  expect(service.index()[0]).toMatchObject({ state: 'READY' });
  await refused(feeds);
});

test('a draining service answers what it has taken and refuses the rest', async () => {
  const admission = service.admit();
  const done = service.drain(60_000);
  await expect(refused(feeds)).rejects.toMatchObject({ code: 'NOT_READY' });
  expect(service.ready).toBe(false);
  await service.infer('shapes', undefined, { inputs: feeds }, { admission });
  admission.release();
  expect(await done).toBe(0);
});
