import path from 'node:path';
import { inspect } from 'node:util';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import {
  type InferenceSession,
  loadModel,
  type OpenInferenceOptions,
  predict,
  predictStream,
  withModel,
} from '../../../src';
import { projectRoot } from '../../helpers/project';
import { demoServer, detector } from './demo-server';
import type { ProtocolServer } from './protocol-server';

const image = path.join(projectRoot, 'notebooks/images/shapes.png');

let server: ProtocolServer;
let session: InferenceSession;
let expected: unknown;
beforeAll(async () => {
  ({ server, session } = await demoServer());
  const local = { engine: 'plain', threads: 1, trial: false } as const;
  expected = await withModel(detector, async (model) => (await predict(model, image)).detections, local);
});
beforeEach(() => {
  server.seen.length = 0;
  server.binary = true;
  server.always = undefined;
});
afterAll(async () => {
  await server.stop();
  await session.dispose();
});

const remote = (more: Partial<OpenInferenceOptions> = {}): { backend: OpenInferenceOptions } => {
  return { backend: { kind: 'open-inference', url: server.url, model: 'shapes', ...more } };
};
const detect = (more?: Partial<OpenInferenceOptions>): Promise<unknown> =>
  withModel(detector, async (model) => (await predict(model, image)).detections, remote(more));

test('the demo detector on a server gives the local results to the bit: as bytes, as JSON, in a version', async () => {
  expect(expected).not.toEqual([]);
  expect(await detect()).toEqual(expected);
  expect(server.seen.at(-1)!.headers['inference-header-content-length']).toMatch(/^\d+$/);
  expect(await detect({ version: '1', url: `${server.url}/v2/` })).toEqual(expected);
  expect(server.seen.at(-1)!.path).toBe('/v2/models/shapes/versions/1/infer');
  server.binary = false;
  expect(await detect()).toEqual(expected);
  expect(server.seen.at(-1)!.headers['content-type']).toBe('application/json');
  expect(await detect({ binary: false })).toEqual(expected);
});

test('raw tensors are those of the local session, in the order of the export', async () => {
  const model = await loadModel(detector, remote());
  const { inputs } = await model.preprocess(image);
  expect(model.session.inputs.map(({ name }) => name)).toEqual(session.inputs.map(({ name }) => name));
  expect(model.session.outputNames).toEqual(session.outputNames);
  expect(await model.session.run(inputs)).toEqual(await session.run(inputs));
  expect(inspect(model)).toBe(`Model detection (GFL, 5 classes) on test server 1 at ${server.url}`);
  expect(model.runtime).toMatchObject({ backend: 'open-inference', device: 'remote' });
  expect(() => model.predictor).toThrow(/use model\.session/);
  await model.dispose();
  await expect(model.session.run(inputs)).rejects.toMatchObject({ code: 'DISPOSED' });
});

test('copies share connections, run side by side, and outlive the session they were made of', async () => {
  const model = await loadModel(detector, remote());
  const asked = server.seen.length;
  const streamed: unknown[] = [];
  for await (const one of predictStream(model, [image, image, image], { parallel: 3 })) {
    streamed.push((one as { detections: unknown }).detections);
  }
  expect(streamed).toEqual([expected, expected, expected]);
  expect(server.seen.length - asked).toBe(3);
  const { inputs } = await model.preprocess(image);
  const copy = await model.session.copy();
  await model.dispose();
  expect(await copy.run(inputs)).toEqual(await session.run(inputs));
  await copy.dispose();
});

test('a URL in place of a folder: inputs as the server describes them, results are tensors', async () => {
  const url = `${server.url}/v2/models/shapes`;
  const model = await loadModel(url);
  expect(model.kind).toBe('tensors');
  const { inputs } = await withModel(detector, (one) => one.preprocess(image), remote());
  const names = ({ name }: { readonly name: string }): string => name;
  expect(model.session.inputs.map(names).sort()).toEqual(Object.keys(inputs).sort());
  const outputs = await model.session.run(inputs);
  const byName = new Map(outputs.map((tensor) => [tensor.name, tensor]));
  for (const tensor of await session.run(inputs)) expect(byName.get(tensor.name)).toEqual(tensor);
  await model.dispose();
});

test('a URL with a configuration: the task is known without the folder', async () => {
  const config = path.join(detector, 'infer_cfg.yml');
  const backend = { kind: 'open-inference', token: 'secret' } as const;
  const model = await loadModel(`${server.url}/v2/models/shapes`, { config, backend, task: 'detection' });
  expect((await predict(model, image)).detections).toEqual(expected);
  expect(server.seen.at(-1)!.headers.authorization).toBe('Bearer secret');
  await model.dispose();
});

test('headers, token, login of the URL and user-defined names are sent', async () => {
  await detect({ headers: { 'x-tenant': 'shapes' }, token: 'secret' });
  for (const { headers } of server.seen) {
    expect(headers).toMatchObject({ authorization: 'Bearer secret', 'x-tenant': 'shapes' });
  }
  await detect({ url: server.url.replace('//', '//ann:p%40ss@') });
  const login = Buffer.from('ann:p@ss').toString('base64');
  expect(server.seen.at(-1)!.headers.authorization).toBe(`Basic ${login}`);
});

test('options are checked, and a URL in place of a folder takes no others', async () => {
  const load = (backend: object, directory = detector): Promise<unknown> =>
    loadModel(directory, { backend: { kind: 'open-inference', ...backend } as never });
  const url = server.url;
  await expect(load({ model: 'shapes' })).rejects.toThrow(/Expected URL of a server.* for backend\.url/);
  await expect(load({ url })).rejects.toThrow(/Expected the model's name on the server for backend\.model/);
  await expect(load({ url: 'host:8000', model: 'a' })).rejects.toThrow(
    /such as http:\/\/host:8000 or grpc:\/\/host:8001 for backend\.url/,
  );
  await expect(load({ url: [], model: 'a' })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  await expect(load({ url, model: 'a', tokn: 'b' })).rejects.toThrow(/Unknown option "tokn".*"token"/);
  await expect(load({ url, model: 'a', token: 'two\nlines' })).rejects.toThrow(/without line breaks/);
  await expect(load({ url, model: 'a', headers: { Host: 'b' } })).rejects.toThrow(/headers other than Host/);
  await expect(load({ url, model: 'shapes', names: { imag: 'INPUT' } })).rejects.toThrow(/did you mean "image"/);
  await expect(load({ url }, `${url}/v2/models/shapes`)).rejects.toThrow(
    /Expected nothing.*backend\.url|for backend\.url/,
  );
  await expect(loadModel(`${url}/v2/models/shapes`, { engine: 'plain' })).rejects.toThrow(/for engine/);
  await expect(loadModel(`${url}/v2/models/shapes`, { backend: 'plain' })).rejects.toThrow(/is on a server/);
});
