import { readdirSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadModel, type Model, type OpenInferenceOptions, predict, type Tensor, withModel } from '../../src';
import type { ModelServer } from '../helpers/model-servers/model-server';
import { mlserver, type ServedFolder, tritonServer } from '../helpers/model-servers/model-servers';
import { demoModel, projectRoot } from '../helpers/project';

const directory = demoModel('shapes_det_picodet');
const image = path.join(projectRoot, 'notebooks/images/shapes.png');
/** Bits depend on Paddle's version, the engine and the number of threads: all three are the same here. */
const local = { engine: 'plain', threads: 1, trial: false } as const;
const served: ServedFolder = { directory, model: 'shapes', engine: 'plain', threads: 1 };

describe.each([
  ['Triton', tritonServer, { binary: true, grpc: false }],
  ['Triton over gRPC', tritonServer, { binary: true, grpc: true }],
  ['MLServer', mlserver, { binary: false, grpc: false }],
  ['MLServer over gRPC', mlserver, { binary: true, grpc: true }],
] as const)('%s', (title, make, { binary, grpc }) => {
  let server: ModelServer | undefined;
  beforeAll(async () => {
    server = await make(served);
    await server?.start();
  });
  afterAll(async () => {
    await server?.stop();
  });

  const url = (): string => (grpc ? `grpc://${server!.grpcUrl}` : server!.url);
  const modelUrl = (): string => `${url()}${grpc ? '' : '/v2/models'}/${served.model}`;
  const backend = (more: Partial<OpenInferenceOptions> = {}): OpenInferenceOptions => {
    return { kind: 'open-inference', url: url(), model: served.model, ...more };
  };
  /** With each data as bytes, so that NaN and −0 count. */
  const bits = (outputs: readonly Tensor[]): unknown[] =>
    outputs.map(({ name, dtype, shape, data }) => {
      return [name, dtype, shape, Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64')];
    });

  test('results are the local ones to the bit, with the folder and by URL alone', async ({ skip }) => {
    if (server === undefined) return skip('no server');
    const inputs = await withModel(directory, async (model) => (await model.preprocess(image)).inputs, local);
    const [expected, found] = await withModel(
      directory,
      async (model) => [bits(await model.session.run(inputs)), (await predict(model, image)).detections] as const,
      local,
    );
    expect(found).not.toEqual([]);
    const remote = await withModel(
      directory,
      async (model) => [bits(await model.session.run(inputs)), (await predict(model, image)).detections] as const,
      { backend: backend() },
    );
    expect(remote).toEqual([expected, found]);
    const sorted = (list: unknown[]): unknown[] => [...list].sort((a, b) => String(a).localeCompare(String(b)));
    const alone = await loadModel(modelUrl(), { backend: { kind: 'open-inference' } });
    // Without an export the order is the server's.
    expect(sorted(bits(await alone.session.run(inputs)))).toEqual(sorted(expected));
    await alone.dispose();
  });

  test('inputs in shared memory: the same bits from Triton, a refusal from a server without it', async ({ skip }) => {
    if (server === undefined) return skip('no server');
    const inputs = await withModel(directory, async (model) => (await model.preprocess(image)).inputs, local);
    const run = async (more: Partial<OpenInferenceOptions>): Promise<unknown[]> => {
      const using = async (model: Model): Promise<unknown[]> => {
        const first = bits(await model.session.run(inputs));
        expect(bits(await model.session.run(inputs))).toEqual(first);
        // As if it had been started again.
        const headers = { 'triton-access-token': 'secret' };
        await fetch(`${server!.url}/v2/systemsharedmemory/unregister`, { method: 'POST', headers });
        expect(bits(await model.session.run(inputs))).toEqual(first);
        return first;
      };
      return withModel(directory, using, { backend: backend(more) });
    };
    const header = `${grpc ? 'triton-grpc-protocol-' : ''}triton-access-token`;
    const sharing = { sharedMemory: true, headers: { [header]: 'secret' } };
    const files = (): string[] => readdirSync('/dev/shm').filter((name) => name.startsWith('paddlelab-tensors-'));
    const before = files();
    if (title.startsWith('MLServer')) {
      await expect(run(sharing)).rejects.toThrow(/does not announce system_shared_memory/);
    } else expect(await run(sharing)).toEqual(await run({}));
    expect(files()).toEqual(before);
  });

  test('bytes are used where the server announces them; a server that takes none refuses them', async ({ skip }) => {
    if (server === undefined) return skip('no server');
    const run = (model: Model): Promise<unknown> => predict(model, image);
    const forced = withModel(directory, run, { backend: backend({ binary: true }) });
    if (binary) return void (await forced);
    const message = expect.stringMatching(/answered (4|5)\d\d.*backend\.binary/s);
    await expect(forced).rejects.toMatchObject({ code: 'REMOTE_FAILED', message });
  });

  test('what a server refuses has its words: no such model, other shapes', async ({ skip }) => {
    if (server === undefined) return skip('no server');
    const missing = loadModel(directory, { backend: backend({ model: 'other' }) });
    await expect(missing).rejects.toMatchObject({ code: 'MODEL_NOT_FOUND' });
    const alone = await loadModel(modelUrl(), { backend: { kind: 'open-inference' } });
    const wrong = { shape: [1, 3, 5], data: new Float32Array(15) };
    const inputs = Object.fromEntries(alone.session.inputs.map(({ name }) => [name, wrong]));
    await expect(alone.session.run(inputs)).rejects.toMatchObject({ code: 'REMOTE_FAILED' });
    await alone.dispose();
  });

  test('a server that is too slow is an error in time, and an abort ends at once', async ({ skip }) => {
    if (server === undefined) return skip('no server');
    const model = await loadModel(directory, { backend: backend({ timeoutMs: 2000 }) });
    server.delay(6);
    const late = expect(predict(model, image)).rejects.toMatchObject({
      code: 'REMOTE_FAILED',
      message: expect.stringMatching(/no complete answer within 2000 ms/),
    });
    await server.slowRequest();
    await late;
    server.delay(0);
    await model.dispose();
    const patient = await loadModel(directory, { backend: backend() });
    const { detections } = await predict(patient, image);
    expect(detections, 'the server goes on').not.toEqual([]);
    server.delay(4);
    const controller = new AbortController();
    const aborted = expect(predict(patient, image, { signal: controller.signal })).rejects.toMatchObject({
      code: 'ABORTED',
    });
    await server.slowRequest();
    controller.abort();
    await aborted;
    server.delay(0);
    expect((await predict(patient, image)).detections).toEqual(detections);
    await patient.dispose();
  });

  test('killed in the middle of a request and started again, for the same model object', async ({ skip }) => {
    if (server === undefined) return skip('no server');
    const model = await loadModel(directory, { backend: backend({ retries: 1 }) });
    const { detections } = await predict(model, image);
    server.delay(60);
    const running = expect(predict(model, image)).rejects.toMatchObject({
      code: 'REMOTE_FAILED',
      message: expect.stringContaining(url()),
    });
    await server.slowRequest();
    await server.kill();
    await running;
    await expect(predict(model, image)).rejects.toThrow(/is the server running/);
    server.delay(0);
    await server.start();
    expect((await predict(model, image)).detections).toEqual(detections);
    await model.dispose();
  });

  test('a run outlives a restart of its server, because it is repeated', async ({ skip }) => {
    if (server === undefined) return skip('no server');
    const model = await loadModel(directory, { backend: backend({ retries: 20, timeoutMs: 280_000 }) });
    const { detections } = await predict(model, image);
    server.delay(60);
    const running = predict(model, image);
    await server.slowRequest();
    await server.kill();
    server.delay(0);
    await server.start();
    expect((await running).detections).toEqual(detections);
    await model.dispose();
  });
});
