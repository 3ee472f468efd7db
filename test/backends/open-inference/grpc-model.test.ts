import path from 'node:path';
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
import { GrpcProtocolServer } from './grpc-protocol-server';
import type { ProtocolServer } from './protocol-server';

const image = path.join(projectRoot, 'notebooks/images/shapes.png');

let http: ProtocolServer;
let server: GrpcProtocolServer;
let session: InferenceSession;
let expected: unknown;
beforeAll(async () => {
  const { server: other, session: local, model } = await demoServer();
  [http, session] = [other, local];
  server = await new GrpcProtocolServer(model).start();
  const options = { engine: 'plain', threads: 1, trial: false } as const;
  expected = await withModel(detector, async (one) => (await predict(one, image)).detections, options);
});
beforeEach(() => {
  server.seen.length = 0;
});
afterAll(async () => {
  await Promise.all([http.stop(), server.stop()]);
  await session.dispose();
});

const remote = (more: Partial<OpenInferenceOptions> = {}): { backend: OpenInferenceOptions } => {
  return { backend: { kind: 'open-inference', url: server.url, model: 'shapes', ...more } };
};
const detect = (more?: Partial<OpenInferenceOptions>): Promise<unknown> =>
  withModel(detector, async (model) => (await predict(model, image)).detections, remote(more));

test('the demo detector over gRPC gives the local results to the bit, also in a version', async () => {
  expect(expected).not.toEqual([]);
  expect(await detect()).toEqual(expected);
  expect(server.seen.map(({ name }) => name)).toEqual(['ServerMetadata', 'ModelReady', 'ModelMetadata', 'ModelInfer']);
  expect(await detect({ version: '1' })).toEqual(expected);
  expect(server.seen.at(-1)!.message).toMatchObject({ modelName: 'shapes', modelVersion: '1' });
});

test('raw tensors are those of the local session, in the order of the export; runs side by side', async () => {
  const model = await loadModel(detector, remote());
  const { inputs } = await model.preprocess(image);
  expect(await model.session.run(inputs)).toEqual(await session.run(inputs));
  const { sentBytes = 0, receivedBytes = 0 } = model.session.traffic ?? {};
  const size = (3 * 256 * 256 + 2) * 4;
  expect(sentBytes - size, 'names and shapes beside the tensors').toBeLessThan(500);
  expect(sentBytes).toBeGreaterThan(size);
  expect(receivedBytes).toBeGreaterThan(0);
  expect(model.session.info).toMatchObject({ library: `test server 1 at ${server.url}`, device: 'remote' });
  const streamed: unknown[] = [];
  for await (const one of predictStream(model, [image, image, image], { parallel: 3 })) {
    streamed.push((one as { detections: unknown }).detections);
  }
  expect(streamed).toEqual([expected, expected, expected]);
  await model.dispose();
  await expect(model.session.run(inputs)).rejects.toMatchObject({ code: 'DISPOSED' });
});

test('a URL in place of a folder: inputs as the server describes them, results are tensors', async () => {
  const { inputs } = await withModel(detector, (one) => one.preprocess(image), remote());
  for (const url of [`${server.url}/shapes`, `${server.url}/shapes/versions/1`]) {
    const model = await loadModel(url);
    const byName = new Map((await model.session.run(inputs)).map((tensor) => [tensor.name, tensor]));
    for (const tensor of await session.run(inputs)) expect(byName.get(tensor.name)).toEqual(tensor);
    await model.dispose();
  }
});

test('token, headers and a login of the URL are sent as metadata', async () => {
  await detect({ headers: { 'X-Tenant': 'shapes' }, token: 'secret' });
  for (const { metadata } of server.seen) {
    expect(metadata.getMap()).toMatchObject({ authorization: 'Bearer secret', 'x-tenant': 'shapes' });
  }
  await detect({ url: server.url.replace('//', '//ann:p%40ss@') });
  const login = Buffer.from('ann:p@ss').toString('base64');
  expect(server.seen.at(-1)!.metadata.get('authorization')).toEqual([`Basic ${login}`]);
});

test('servers over HTTP and gRPC share the load', async () => {
  const model = await loadModel(detector, remote({ url: [http.url, server.url] }));
  const { inputs } = await model.preprocess(image);
  const before = http.runs;
  const all = await Promise.all(Array.from({ length: 4 }, () => model.session.run(inputs)));
  const local = await session.run(inputs);
  for (const outputs of all) expect(outputs).toEqual(local);
  expect([http.runs - before, server.runs]).toEqual([2, 2]);
  await model.dispose();
});

test('what gRPC can not do is refused before anything is sent', async () => {
  const load = (backend: object, directory = detector): Promise<unknown> =>
    loadModel(directory, { backend: { kind: 'open-inference', ...backend } as never });
  const { url } = server;
  await expect(load({ url, model: 'shapes', binary: false })).rejects.toThrow(/backend\.binary/);
  await expect(load({ binary: false }, `${url}/shapes`)).rejects.toThrow(/backend\.binary/);
  await expect(load({ url: `${url}/v2`, model: 'shapes' })).rejects.toThrow(/URL without a path/);
  await expect(load({ url: 'grpc://', model: 'shapes' })).rejects.toThrow(/such as http:\/\/host:8000 or grpc:/);
  const headers = { 'x-picture-bin': 'a' };
  await expect(load({ url, model: 'shapes', headers })).rejects.toThrow(/name and value in ASCII.*x-picture-bin/);
  expect(server.seen).toEqual([]);
});
