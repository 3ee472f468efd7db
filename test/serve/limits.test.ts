import { readFileSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { type ModelServer, type OpenInferenceOptions, type ServeOptions, serve, withModel } from '../../src';
import { demoModel, projectRoot } from '../helpers/project';

const image = path.join(projectRoot, 'notebooks/images/shapes.png');
const load = { engine: 'plain', threads: 1, trial: false } as const;
const classifier = demoModel('shapes_cls_mbv3s');

const servers: ModelServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});
async function started(options: ServeOptions = {}, model = classifier): Promise<ModelServer> {
  const server = await serve({ shapes: model }, { port: 0, load, sessions: 1, ...options });
  servers.push(server);
  return server;
}
const backend = (url: string, more: Partial<OpenInferenceOptions> = {}): { backend: OpenInferenceOptions } => {
  return { backend: { kind: 'open-inference', url, model: 'shapes', ...more } };
};
const metric = async ({ url }: ModelServer, line: RegExp): Promise<number> => {
  const text = await (await fetch(`${url}/metrics`)).text();
  return Number(line.exec(text)?.[1]);
};
const request = JSON.stringify({
  inputs: [{ name: 'x', datatype: 'FP32', shape: [1, 3, 64, 64], data: Array.from({ length: 12_288 }, () => 0.5) }],
});
const infer = async (
  { url }: ModelServer,
  headers: Record<string, string> = {},
  body: string | Uint8Array = request,
): Promise<Response> => {
  const answer = await fetch(`${url}/v2/models/shapes/infer`, { method: 'POST', body, headers });
  await answer.clone().arrayBuffer();
  return answer;
};

test('requests share runs where model and shapes let them, with the results of single ones', async () => {
  const server = await started({ maxBatch: 4, maxDelay: 5000, sessions: 1 });
  await withModel(
    classifier,
    async (local) => {
      const { inputs } = await local.preprocess(image);
      const [alone] = await local.session.run(inputs);
      await withModel(
        classifier,
        async (remote) => {
          // Full batches do not wait.
          const all = await Promise.all(Array.from({ length: 8 }, () => remote.session.run(inputs)));
          for (const [tensor] of all) {
            expect(tensor!.shape).toEqual([1, 5]);
            for (const [i, value] of Array.from(tensor!.data, Number).entries()) {
              expect(value).toBeCloseTo(Number(alone!.data[i]), 5);
            }
          }
        },
        backend(server.url),
      );
    },
    load,
  );
  expect(await metric(server, /paddlelab_batch_size_count\{model="shapes"\} (\d+)/)).toBe(2);
  expect(await metric(server, /paddlelab_batch_size_sum\{model="shapes"\} (\d+)/)).toBe(8);
});

test('a request that finds no others runs after the delay; a batch of a client runs alone', async () => {
  const server = await started({ maxBatch: 4, maxDelay: 10 });
  expect((await infer(server)).status).toBe(200);
  const two = { name: 'x', datatype: 'FP32', shape: [2, 3, 64, 64], data: Array.from({ length: 24_576 }, () => 0.5) };
  const answers = await Promise.all([infer(server, {}, JSON.stringify({ inputs: [two] })), infer(server)]);
  expect(answers.map(({ status }) => status)).toEqual([200, 200]);
  expect(await metric(server, /paddlelab_batch_size_count\{model="shapes"\} (\d+)/)).toBe(3);
});

test('a model with a fixed batch is never batched', async () => {
  const server = await started({ maxBatch: 4, maxDelay: 5000 }, demoModel('shapes_det_picodet'));
  const local = await withModel(
    demoModel('shapes_det_picodet'),
    async (model) => {
      const { inputs } = await model.preprocess(image);
      return { inputs, outputs: await model.session.run(inputs) };
    },
    load,
  );
  await withModel(
    demoModel('shapes_det_picodet'),
    async ({ session }) => {
      const all = await Promise.all(Array.from({ length: 4 }, () => session.run(local.inputs)));
      expect(all).toEqual(Array.from({ length: 4 }, () => local.outputs));
    },
    backend(server.url),
  );
});

test('beyond the queue: 503 with Retry-After at once; our client tries again until it has its result', async () => {
  const server = await started({ queue: 1 });
  const answers = await Promise.all(Array.from({ length: 12 }, () => infer(server)));
  const statuses = answers.map(({ status }) => status);
  expect(new Set(statuses)).toEqual(new Set([200, 503]));
  const busy = answers.find(({ status }) => status === 503)!;
  expect(busy.headers.get('retry-after')).toMatch(/^\d+$/);
  expect(await busy.json()).toMatchObject({ code: 'SERVER_BUSY' });
  const refused = statuses.filter((status) => status === 503).length;
  expect(await metric(server, /paddlelab_rejected_total\{code="SERVER_BUSY"\} (\d+)/)).toBe(refused);
  expect((await infer(server)).status).toBe(200);
});

test('a token is needed for all but health', async () => {
  const server = await started({ token: 'secret' });
  for (const url of ['/v2', '/metrics', '/v2/models/shapes', '/v2/repository/index']) {
    expect((await fetch(server.url + url)).status).toBe(401);
  }
  for (const authorization of ['', 'secret', 'Bearer other', 'Basic c2VjcmV0']) {
    const answer = await infer(server, { authorization });
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toBe('Bearer');
    expect(await answer.json()).toMatchObject({ code: 'LOGIN_FAILED' });
  }
  expect((await fetch(`${server.url}/v2/health/ready`)).status).toBe(200);
  expect((await infer(server, { authorization: 'Bearer secret' })).status).toBe(200);
  const model = await withModel(classifier, async ({ kind }) => kind, backend(server.url, { token: 'secret' }));
  expect(model).toBe('classification');
  await expect(withModel(classifier, async () => 0, backend(server.url, { token: 'wrong' }))).rejects.toThrow(/401/);
});

test('bodies, tensors and images beyond the limits are refused before they are run', async () => {
  const server = await started({ maxBody: 200_000, maxElements: 12_288, maxPixels: 1000 });
  const large = await infer(server, {}, 'x'.repeat(200_001));
  expect([large.status, await large.json()]).toMatchObject([413, { code: 'TOO_LARGE' }]);
  async function* endless(): AsyncGenerator<Uint8Array> {
    for (let i = 0; i < 10; i++) yield new Uint8Array(50_000);
  }
  const chunked = await fetch(`${server.url}/v2/models/shapes/infer`, {
    ...{ method: 'POST', body: ReadableStream.from(endless()) as never, duplex: 'half' },
  } as RequestInit);
  expect(chunked.status).toBe(413);
  const head = JSON.stringify({
    inputs: [{ name: 'x', datatype: 'FP32', shape: [2, 3, 64, 64], parameters: { binary_data_size: 98_304 } }],
  });
  const body = Buffer.concat([Buffer.from(head), Buffer.alloc(98_304)]);
  const elements = await infer(server, { 'inference-header-content-length': String(head.length) }, body);
  expect([elements.status, await elements.json()]).toMatchObject([
    413,
    { error: /24576 elements.*--max-elements/ as never },
  ]);
  const picture = await fetch(`${server.url}/v2/models/shapes/predict`, { method: 'POST', body: readFileSync(image) });
  expect([picture.status, await picture.json()]).toMatchObject([413, { code: 'TOO_LARGE' }]);
  expect((await infer(server)).status).toBe(200);
});

/** Sends bytes as they are and returns all that comes back. */
function raw({ url }: ModelServer, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = net.connect(Number(new URL(url).port), '127.0.0.1', () => socket.write(text));
    let answer = '';
    socket.setEncoding('latin1').on('data', (part: string) => {
      answer += part;
    });
    socket.once('close', () => resolve(answer));
    socket.once('error', reject);
  });
}

test('what is no HTTP, has too many headers, or comes too slowly gets a status and is closed', async () => {
  const server = await started({ receiveTimeout: 300 });
  expect(await raw(server, 'nonsense\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 .*"code":"INVALID_ARGUMENT"/s);
  expect(await raw(server, `GET /v2 HTTP/1.1\r\nx: ${'y'.repeat(20_000)}`)).toMatch(/^HTTP\/1\.1 431 /);
  const headers = Array.from({ length: 300 }, (_, i) => `x${i}: y\r\n`).join('');
  const many = await raw(server, `GET /v2 HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n${headers}\r\n`);
  expect(many).toMatch(/^HTTP\/1\.1 400 .*fewer than 200 headers/s);
  expect(await raw(server, 'GET /v2 HTTP/1.1\r\nhost: localhost\r\n')).toMatch(/^HTTP\/1\.1 408 /);
  const body = 'POST /v2/models/shapes/infer HTTP/1.1\r\nhost: localhost\r\ncontent-length: 100\r\n\r\n{';
  expect(await raw(server, body)).toMatch(/^HTTP\/1\.1 408 /);
  expect((await infer(server)).status).toBe(200);
});

test('a client that leaves takes its waiting request with it', async () => {
  const server = await started({ queue: 100 });
  const controller = new AbortController();
  const { signal } = controller;
  const url = `${server.url}/v2/models/shapes/infer`;
  const left = Array.from({ length: 20 }, () => fetch(url, { method: 'POST', body: request, signal }));
  controller.abort();
  expect((await Promise.allSettled(left)).every(({ status }) => status === 'rejected')).toBe(true);
  expect((await infer(server)).status).toBe(200);
  expect(await metric(server, /paddlelab_requests_running (\d+)/)).toBe(0);
});

test('a server that ends answers every request that it has taken, and refuses the others', async () => {
  const server = await started({ queue: 1000 });
  const agent = new http.Agent({ keepAlive: true, maxSockets: 4 });
  const port = Number(new URL(server.url).port);
  const before: (number | string)[] = [];
  const after: (number | string)[] = [];
  let ended: Promise<number> | undefined;
  const send = (): Promise<number | string> =>
    new Promise((resolve) => {
      const options = { port, host: '127.0.0.1', method: 'POST', path: '/v2/models/shapes/infer', agent };
      const sent = http.request(options, (answer) => {
        answer.resume().once('end', () => resolve(answer.statusCode!));
      });
      sent.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'error'));
      sent.end(request);
    });
  const clients = Array.from({ length: 4 }, async () => {
    for (let i = 0; i < 50; i++) {
      if (before.length >= 40) ended ??= server.close();
      const seen = ended === undefined ? before : after;
      seen.push(await send());
    }
  });
  await Promise.all(clients);
  agent.destroy();
  expect(await ended).toBe(0);
  expect(before.filter((status) => status === 200).length).toBeGreaterThanOrEqual(40);
  // One that was on its way when the end began may be refused, but is not cut.
  expect(before.filter((status) => ![200, 503].includes(status as number))).toEqual([]);
  expect(after).toContain(503);
  expect(after.filter((status) => ![503, 'ECONNREFUSED', 'ECONNRESET'].includes(status))).toEqual([]);
});

test('options and models are checked; a port that is taken is an error that says so', async () => {
  const server = await started();
  const { port } = new URL(server.url);
  await expect(serve({ shapes: classifier }, { port: Number(port), load })).rejects.toThrow(
    /Can't listen on 127\.0\.0\.1:\d+: another program listens there/,
  );
  await expect(serve({}, { port: 0 })).rejects.toThrow(/one model or more/);
  await expect(serve({ 'a/b': classifier }, { port: 0 })).rejects.toThrow(/names of letters/);
  await expect(serve([classifier, classifier], { port: 0 })).rejects.toThrow(/another name for each model/);
  await expect(serve(classifier, { port: 70_000 })).rejects.toThrow(/0 to 65535/);
  await expect(serve(classifier, { port: 0, token: 'two words' })).rejects.toThrow(/token/);
  await expect(serve({ a: 'nowhere' }, { port: 0 })).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
  const controller = new AbortController();
  controller.abort();
  await expect(serve(classifier, { port: 0, signal: controller.signal })).rejects.toMatchObject({ code: 'ABORTED' });
});
