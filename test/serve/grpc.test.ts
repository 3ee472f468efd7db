import net from 'node:net';
import path from 'node:path';
import grpc from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type AnyModel,
  loadModel,
  type ModelServer,
  type OpenInferenceOptions,
  predict,
  type ServeOptions,
  serve,
  withModel,
} from '../../src';
import { loadGrpc } from '../../src/open-inference/grpc/library';
import { makeCertificate } from '../helpers/certificate';
import { demoModel, projectRoot } from '../helpers/project';
import { GrpcCaller } from './grpc-caller';

const image = path.join(projectRoot, 'notebooks/images/shapes.png');
const load = { engine: 'plain', threads: 1, trial: false } as const;
const names = ['shapes_det_picodet', 'shapes_seg_ppliteseg', 'shapes_cls_mbv3s'] as const;
const codes = grpc.status;

let server: ModelServer;
let classifier: AnyModel;
let caller: GrpcCaller;
beforeAll(async () => {
  server = await serve(names.map(demoModel), { port: 0, grpcPort: 0, load, sessions: 2 });
  classifier = await loadModel(demoModel('shapes_cls_mbv3s'), load);
  caller = new GrpcCaller(server.grpcUrl!);
}, 60_000);
afterAll(async () => {
  caller?.close();
  await server?.close();
  await classifier?.dispose();
});

const remote = (model: string, more: Partial<OpenInferenceOptions> = {}): { backend: OpenInferenceOptions } => {
  return { backend: { kind: 'open-inference', url: server.grpcUrl!, model, retries: 0, ...more } };
};
const started = (options: ServeOptions): Promise<ModelServer> =>
  serve({ shapes: demoModel('shapes_cls_mbv3s') }, { port: 0, grpcPort: 0, load, sessions: 1, ...options });

const metricsOf = async ({ url }: ModelServer): Promise<string> => (await fetch(`${url}/metrics`)).text();
/** The server has this many requests. */
async function running(own: ModelServer, count: number): Promise<void> {
  while (!(await metricsOf(own)).includes(`requests_running ${count}\n`));
}

/** A picture of the classifier, all of one colour. */
const pixels = Buffer.from(new Float32Array(3 * 64 * 64).fill(0.5).buffer);
const input = { name: 'x', datatype: 'FP32', shape: [1, 3, 64, 64] };
const request = (more: object = {}): object => {
  return { modelName: 'shapes_cls_mbv3s', inputs: [input], rawInputContents: [pixels], ...more };
};

describe('the demo models by our own client', () => {
  test.each(names)('%s: results are the local ones to the bit', async (name) => {
    const find = async (model: AnyModel): Promise<object> => {
      const { timings, ...result } = await predict(model as never, image);
      return [result, await model.session.run((await model.preprocess(image)).inputs)];
    };
    const expected = await withModel(demoModel(name), find, load);
    expect(await withModel(demoModel(name), find, remote(name))).toEqual(expected);
  });

  test('by URL alone; the metadata are those of HTTP', async () => {
    const model = await loadModel(`${server.grpcUrl}/shapes_cls_mbv3s`);
    const overHttp = await loadModel(`${server.url}/v2/models/shapes_cls_mbv3s`);
    expect(model.session.inputs).toEqual(overHttp.session.inputs);
    expect(model.session.outputNames).toEqual(overHttp.session.outputNames);
    await Promise.all([model.dispose(), overHttp.dispose()]);
  });
});

describe('the calls of the protocol', () => {
  test('of the server and its models', async () => {
    expect(await caller.call('ServerLive')).toEqual({ live: true });
    expect(await caller.call('ServerReady')).toEqual({ ready: true });
    expect(await caller.call('ModelReady', { name: names[0], version: '1' })).toEqual({ ready: true });
    expect(await caller.call('ServerMetadata')).toMatchObject({ name: 'paddlelab' });
    const { inputs, versions } = (await caller.call('ModelMetadata', { name: names[2] })) as never;
    expect([inputs, versions]).toMatchObject([[{ name: 'x', datatype: 'FP32' }], ['1']]);
    expect(await caller.call('ModelReady', { name: 'other' })).toMatchObject({ code: codes.NOT_FOUND });
    expect(await caller.call('ModelReady', { name: names[0], version: '2' })).toMatchObject({ code: codes.NOT_FOUND });
  });

  test('the repository: loading and unloading, with the names of Triton and of KServe', async () => {
    const own = await started({});
    const one = new GrpcCaller(own.grpcUrl!);
    const index = (ready: boolean): Promise<unknown> => one.call('RepositoryIndex', { ready });
    const entry = { name: 'shapes', version: '1' };
    expect(await index(true)).toMatchObject({ models: [{ ...entry, state: 'READY' }] });
    expect(await one.call('RepositoryModelUnload', { modelName: 'shapes' })).toMatchObject({ isUnloaded: true });
    expect(await index(true)).toEqual({});
    expect(await index(false)).toMatchObject({ models: [{ ...entry, state: 'UNAVAILABLE' }] });
    expect(await one.call('ModelReady', { name: 'shapes' })).toEqual({ ready: false });
    const refused = await one.call('ModelInfer', request({ modelName: 'shapes' }));
    expect(refused).toMatchObject({ code: codes.UNAVAILABLE, details: expect.stringContaining('not ready') });
    expect(await one.call('RepositoryModelLoad', { repositoryName: 'shapes' })).toMatchObject({ isLoaded: true });
    expect(await one.call('ModelInfer', request({ modelName: 'shapes' }))).toMatchObject({ modelName: 'shapes' });
    expect(await one.call('RepositoryModelLoad', {})).toMatchObject({ code: codes.INVALID_ARGUMENT });
    expect(await one.call('RepositoryModelLoad', { modelName: 'b' })).toMatchObject({ code: codes.NOT_FOUND });
    one.close();
    await own.close();
  });

  test('probes of gRPC', async () => {
    expect(await caller.health('')).toEqual({ status: 'SERVING' });
    expect(await caller.health('inference.GRPCInferenceService')).toEqual({ status: 'SERVING' });
    expect(await caller.health('other')).toMatchObject({ code: codes.NOT_FOUND });
  });

  test('a run: typed contents, wanted outputs, the id', async () => {
    const raw = await caller.call('ModelInfer', request({ id: 'a-1' }));
    expect(raw).toMatchObject({ id: 'a-1', modelVersion: '1', outputs: [{ datatype: 'FP32' }] });
    const fp32Contents = Array.from({ length: 3 * 64 * 64 }, () => 0.5);
    const typed = request({ inputs: [{ ...input, contents: { fp32Contents } }], rawInputContents: [] });
    expect(await caller.call('ModelInfer', { ...typed, id: 'a-1' })).toEqual(raw);
    const { outputs } = raw as unknown as { readonly outputs: readonly [{ readonly name: string }] };
    const wanted = request({ id: 'a-1', outputs: [{ name: outputs[0].name }] });
    expect(await caller.call('ModelInfer', wanted)).toEqual(raw);
  });
});

describe('a wrong request is refused, and the next one served', () => {
  const oneName = Buffer.concat([Buffer.from('0ac0843d', 'hex'), Buffer.alloc(1_000_000, 'a')]);
  const damaged = (bytes: readonly number[]): Buffer => Buffer.from(bytes);
  test.each([
    ['no such model', request({ modelName: 'b' }), codes.NOT_FOUND, /no model "b"/],
    ['no such version', request({ modelVersion: '7' }), codes.NOT_FOUND, /no version "7"/],
    ['no inputs', { modelName: names[2] }, codes.INVALID_ARGUMENT, /a tensor for input "x"/],
    ['another input', request({ inputs: [{ ...input, name: 'y' }] }), codes.INVALID_ARGUMENT, /no input "y"/],
    ['another data type', request({ inputs: [{ ...input, datatype: 'INT8' }] }), codes.INVALID_ARGUMENT, /bytes/],
    ['no data type', request({ inputs: [{ ...input, datatype: 'FP128' }] }), codes.INVALID_ARGUMENT, /one of BOOL/],
    [
      'a huge shape',
      request({ inputs: [{ ...input, shape: [2 ** 40] }] }),
      codes.INVALID_ARGUMENT,
      /Expected \d+ bytes/,
    ],
    ['a negative shape', request({ inputs: [{ ...input, shape: [-1] }] }), codes.INVALID_ARGUMENT, /integers ≥ 0/],
    ['too few bytes', request({ rawInputContents: [pixels.subarray(4)] }), codes.INVALID_ARGUMENT, /49152 bytes/],
    ['two contents', request({ rawInputContents: [pixels, pixels] }), codes.INVALID_ARGUMENT, /as many raw contents/],
    ['no such output', request({ outputs: [{ name: 'z' }] }), codes.INVALID_ARGUMENT, /no output "z"/],
    ['bytes of something else', damaged([0x2a, 0x7f, 1]), codes.INVALID_ARGUMENT, /a message of the protocol/],
    ['a length beyond the message', damaged([0x3a, 0xff, 0xff, 0xff, 0xff, 7]), codes.INVALID_ARGUMENT, /a message/],
    ['a million empty inputs', Buffer.alloc(2e6, '2a00', 'hex'), codes.INVALID_ARGUMENT, /too many parts/],
    ['a million contents', Buffer.alloc(2e6, '3a00', 'hex'), codes.INVALID_ARGUMENT, /too many parts/],
    ['forty megabytes of names', Buffer.alloc(40 * oneName.length, oneName), codes.INVALID_ARGUMENT, /too many parts/],
    ['two thousand inputs', Buffer.alloc(4000, '2a00', 'hex'), codes.INVALID_ARGUMENT, /at most 1000 inputs/],
    [
      'shared memory',
      request({
        rawInputContents: [],
        inputs: [
          {
            ...input,
            parameters: { shared_memory_region: { stringParam: 'a' }, shared_memory_byte_size: { int64Param: 4 } },
          },
        ],
      }),
      codes.INVALID_ARGUMENT,
      /Expected no shared memory, which this server is started without/,
    ],
  ] as const)('%s', async (_name, message, code, text) => {
    expect(await caller.call('ModelInfer', message)).toMatchObject({ code, details: expect.stringMatching(text) });
    expect(await caller.call('ModelInfer', request())).toMatchObject({ modelName: names[2] });
  });

  test('a call or a service that it does not have', async () => {
    expect(await caller.unknown('/inference.GRPCInferenceService/ModelStatistics')).toMatchObject({
      code: codes.UNIMPLEMENTED,
    });
  });

  test('what is no gRPC: another protocol, a start that never ends', async () => {
    const { port } = new URL(server.grpcUrl!);
    for (const text of [
      'GET / HTTP/1.1\r\nHost: a\r\n\r\n',
      'SSH-2.0-OpenSSH\r\n',
      'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\nxxxxxxxxxx',
    ]) {
      const socket = net.connect(Number(port), '127.0.0.1');
      socket.on('error', () => undefined).resume();
      const closed = new Promise((resolve) => socket.once('close', resolve));
      socket.write(text);
      await closed;
    }
    expect(await caller.call('ServerLive')).toEqual({ live: true });
  });
});

describe('limits', () => {
  test('a token is wanted by all calls but those for probes', async () => {
    const own = await started({ token: 'secret' });
    const one = new GrpcCaller(own.grpcUrl!);
    expect(await one.call('ModelInfer', request())).toMatchObject({ code: codes.UNAUTHENTICATED });
    expect(await one.call('ServerMetadata')).toMatchObject({ code: codes.UNAUTHENTICATED });
    expect(await one.call('ServerReady')).toEqual({ ready: true });
    expect(await one.health('')).toEqual({ status: 'SERVING' });
    const backend = { kind: 'open-inference', url: own.grpcUrl!, model: 'shapes' } as const;
    const wrong = loadModel(demoModel('shapes_cls_mbv3s'), { backend: { ...backend, token: 'other' } });
    await expect(wrong).rejects.toThrow(/UNAUTHENTICATED.*does not accept this login/);
    const model = await loadModel(demoModel('shapes_cls_mbv3s'), { backend: { ...backend, token: 'secret' } });
    await model.dispose();
    one.close();
    await own.close();
  });

  test('a message that is too large, all together too large, or never arrives', async () => {
    const own = await started({ maxBody: 40_000, receiveTimeout: 200 });
    const one = new GrpcCaller(own.grpcUrl!);
    const large = await one.call('ModelInfer', request({ modelName: 'shapes' }));
    expect(large).toMatchObject({ code: codes.RESOURCE_EXHAUSTED, details: expect.stringMatching(/larger than max/) });
    expect(await one.half()).toMatchObject({
      code: codes.DEADLINE_EXCEEDED,
      details: expect.stringMatching(/did not arrive in time/),
    });
    one.close();
    await own.close();
    const small = await started({ maxMemory: 40_000 });
    const other = new GrpcCaller(small.grpcUrl!);
    expect(await other.call('ModelInfer', request({ modelName: 'shapes' }))).toMatchObject({
      code: codes.RESOURCE_EXHAUSTED,
      details: expect.stringMatching(/memory set aside/),
    });
    expect(await other.call('ServerLive'), 'memory is given back').toEqual({ live: true });
    other.close();
    await small.close();
  });

  test('the deadline of the caller, and a caller that is gone: what waits is not run', async () => {
    const own = await started({ maxBatch: 8, maxDelay: 5000 });
    const one = new GrpcCaller(own.grpcUrl!);
    const message = request({ modelName: 'shapes' });
    expect(await one.call('ModelInfer', message, { deadline: Date.now() + 100 })).toMatchObject({
      code: codes.DEADLINE_EXCEEDED,
    });
    const aborter = new AbortController();
    const gone = one.call('ModelInfer', message, {}, aborter.signal);
    await running(own, 1);
    aborter.abort();
    expect(await gone).toMatchObject({ code: codes.CANCELLED });
    await running(own, 0);
    expect(await metricsOf(own)).not.toMatch(/paddlelab_run_seconds_count\{model="shapes"\} [1-9]/);
    one.close();
    await own.close();
  });

  test('encrypted with a certificate, and clients that have to show one', async () => {
    const { cert, key } = makeCertificate();
    const own = await started({ tls: { cert, key, ca: cert } });
    expect([own.url, own.grpcUrl]).toEqual([expect.stringMatching(/^https:/), expect.stringMatching(/^grpcs:/)]);
    for (const url of [own.url, own.grpcUrl!]) {
      const backend = { kind: 'open-inference', url, model: 'shapes', retries: 0 } as const;
      const folder = demoModel('shapes_cls_mbv3s');
      const model = await loadModel(folder, { backend: { ...backend, tls: { ca: cert, cert, key } } });
      await model.dispose();
      const without = loadModel(folder, { backend: { ...backend, tls: { ca: cert } } });
      await expect(without).rejects.toMatchObject({ code: 'REMOTE_FAILED' });
    }
    await own.close();
    await expect(started({ tls: { cert: key, key: cert } })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    await expect(started({ tls: { cert, key: `${key}.none` } })).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
  });

  test('a port that is taken, and a package that is missing, are said before models are loaded', async () => {
    const { port } = new URL(server.grpcUrl!);
    await expect(started({ grpcPort: Number(port) })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: expect.stringMatching(new RegExp(`127\\.0\\.0\\.1:${port}.*another program listens`)),
    });
    expect(() => loadGrpc(['/any.js'])).toThrow(/npm install @grpc\/grpc-js protobufjs/);
  });
});

test('at the end what was taken is answered, and new calls are refused', async () => {
  const own = await started({ maxBatch: 64, maxDelay: 500 });
  const one = new GrpcCaller(own.grpcUrl!);
  const message = request({ modelName: 'shapes' });
  const taken = Promise.all(Array.from({ length: 12 }, () => one.call('ModelInfer', message)));
  await running(own, 12);
  const closed = own.close();
  expect(await one.call('ModelInfer', message)).toMatchObject({ code: codes.UNAVAILABLE });
  for (const answer of await taken) expect(answer).toMatchObject({ modelName: 'shapes' });
  expect(await closed).toBe(0);
  expect(await one.call('ServerLive')).toMatchObject({ code: codes.UNAVAILABLE });
  one.close();
});
