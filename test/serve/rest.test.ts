import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type AnyModel,
  decodeImage,
  loadModel,
  type ModelServer,
  type OpenInferenceOptions,
  predict,
  serve,
  type Tensor,
  withModel,
} from '../../src';
import { demoModel, projectRoot } from '../helpers/project';

const image = path.join(projectRoot, 'notebooks/images/shapes.png');
const load = { engine: 'plain', threads: 1, trial: false } as const;
const names = ['shapes_det_picodet', 'shapes_ins_maskrcnn', 'shapes_seg_ppliteseg', 'shapes_cls_mbv3s'] as const;

let server: ModelServer;
let detector: AnyModel;
beforeAll(async () => {
  server = await serve(names.map(demoModel), { port: 0, load, sessions: 2 });
  detector = await loadModel(demoModel('shapes_det_picodet'), load);
}, 60_000);
afterAll(async () => {
  await server?.close();
  await detector?.dispose();
});

const remote = (model: string, more: Partial<OpenInferenceOptions> = {}): { backend: OpenInferenceOptions } => {
  return { backend: { kind: 'open-inference', url: server.url, model, ...more } };
};

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly json: unknown;
}

async function ask(url: string, body?: string | Buffer, headers: Record<string, string> = {}): Promise<Answer> {
  const given =
    body === undefined ? {} : { method: 'POST', body: typeof body === 'string' ? body : Uint8Array.from(body) };
  const answer = await fetch(server.url + url, { ...given, headers });
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, json: text === '' ? undefined : JSON.parse(text) };
}

/** What can be compared with another run. */
function withoutTimes({ timings, ...result }: { readonly timings: unknown }): object {
  return result;
}

/** A tensor whose data is quickly compared. */
function bitsOf({ data, ...tensor }: Tensor): object {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  return { ...tensor, digest: createHash('sha256').update(bytes).digest('hex') };
}

describe('the demo models by our own client', () => {
  test.each(names)('%s: results and tensors are the local ones to the bit, as bytes and as JSON', async (name) => {
    const local = await loadModel(demoModel(name), load);
    const expected = withoutTimes(await predict(local, image));
    const { inputs } = await local.preprocess(image);
    const tensors = (await local.session.run(inputs)).map(bitsOf);
    await local.dispose();
    for (const binary of [true, false]) {
      await withModel(
        demoModel(name),
        async (model) => {
          expect(withoutTimes(await predict(model, image))).toEqual(expected);
          expect((await model.session.run(inputs)).map(bitsOf)).toEqual(tensors);
        },
        remote(name, { binary }),
      );
    }
  });

  test('without a folder the server says what the model takes and answers', async () => {
    const model = await loadModel(`${server.url}/v2/models/shapes_det_picodet/versions/1`);
    const { inputs } = await detector.preprocess(image);
    expect(model.session.inputs).toEqual(detector.session.inputs);
    expect(await model.session.run(inputs)).toEqual(await detector.session.run(inputs));
    await model.dispose();
  });

  test('wrong tensors are refused by the server with the same words as here', async () => {
    const model = await loadModel(`${server.url}/v2/models/shapes_det_picodet`);
    const { inputs } = await detector.preprocess(image);
    const wrong = { ...inputs, image: { shape: [1, 3, 8, 8], data: new Float32Array(192) } };
    await expect(model.session.run(wrong)).rejects.toThrow(
      /400, "Expected shape \[-1,3,256,256\] \(−1 is any\) for input "image" but received \[1,3,8,8\]"/,
    );
    await model.dispose();
  });
});

test('health, readiness and metadata', async () => {
  expect(await ask('/v2')).toMatchObject({
    status: 200,
    json: { name: 'paddlelab', extensions: ['binary_tensor_data', 'model_repository'] },
  });
  expect(await ask('/v2/health/live')).toMatchObject({ status: 200, json: { live: true } });
  expect(await ask('/v2/health/ready')).toMatchObject({ status: 200, json: { ready: true } });
  expect(await ask('/v2/models/shapes_cls_mbv3s/versions/1/ready')).toMatchObject({ status: 200 });
  expect((await ask('/v2/models/shapes_cls_mbv3s')).json).toEqual({
    name: 'shapes_cls_mbv3s',
    versions: ['1'],
    platform: 'paddle_pdmodel',
    inputs: [{ name: 'x', datatype: 'FP32', shape: [-1, 3, 64, 64] }],
    outputs: [{ name: 'save_infer_model/scale_0.tmp_0', datatype: 'FP32', shape: [-1, 5] }],
  });
  expect(await ask('/v2/models/shapes')).toMatchObject({ status: 404, json: { code: 'MODEL_NOT_FOUND' } });
  expect(await ask('/v2/models/shapes_cls_mbv3s/versions/7')).toMatchObject({ status: 404 });
  expect(await ask('/v3')).toMatchObject({ status: 404, json: { error: 'This server has no GET "/v3"' } });
});

describe('a run in JSON', () => {
  const infer = '/v2/models/shapes_cls_mbv3s/infer';
  const output = 'save_infer_model/scale_0.tmp_0';
  const data = Array.from({ length: 3 * 64 * 64 }, (_, i) => Math.sin(i));
  const input = { name: 'x', datatype: 'FP32', shape: [1, 3, 64, 64], data };
  const post = (request: object, headers?: Record<string, string>): Promise<Answer> =>
    ask(infer, JSON.stringify(request), headers);

  test('has the id, the wanted outputs, and takes nested arrays', async () => {
    const nested = Array.from({ length: 3 }, (_, c) => data.slice(c * 4096, (c + 1) * 4096));
    const { status, json } = await post({
      ...{ id: 'a-1', inputs: [{ ...input, data: [nested] }], outputs: [{ name: output }] },
      parameters: { priority: 1 },
    });
    expect(status).toBe(200);
    expect(json).toMatchObject({
      ...{ model_name: 'shapes_cls_mbv3s', model_version: '1', id: 'a-1' },
      outputs: [{ name: output, datatype: 'FP32', shape: [1, 5] }],
    });
    const [tensor] = await withModel(
      demoModel('shapes_cls_mbv3s'),
      (model) => model.session.run({ x: { shape: [1, 3, 64, 64], data: Float32Array.from(data) } }),
      load,
    );
    const { outputs } = json as { outputs: { data: number[] }[] };
    expect(Float32Array.from(outputs[0]!.data)).toEqual((tensor as Tensor).data);
  });

  test('answers bytes where they are asked for: all, or by output', async () => {
    const bytes = async (request: object): Promise<[string | null, number]> => {
      const answer = await fetch(server.url + infer, { method: 'POST', body: JSON.stringify(request) });
      return [answer.headers.get('inference-header-content-length'), (await answer.arrayBuffer()).byteLength];
    };
    for (const request of [
      { inputs: [input], parameters: { binary_data_output: true } },
      { inputs: [input], outputs: [{ name: output, parameters: { binary_data: true } }] },
    ]) {
      const [head, size] = await bytes(request);
      expect(Number(head)).toBe(size - 5 * 4);
    }
    const [head] = await bytes({
      ...{ inputs: [input], parameters: { binary_data_output: true } },
      outputs: [{ name: output, parameters: { binary_data: false } }],
    });
    expect(head).toBe(null);
  });

  test.each<[string, object | string, RegExp]>([
    ['no JSON', 'nonsense', /Expected JSON/],
    ['no object', '[]', /Expected the request as a JSON object/],
    ['no inputs', {}, /Expected an array for inputs but received nothing/],
    ['an unknown type', { inputs: [{ ...input, datatype: 'FLOAT' }] }, /Expected one of BOOL.* for input "x"/],
    ['another number of elements', { inputs: [{ ...input, data: [1, 2] }] }, /Expected 12288 elements/],
    ['a wrong element', { inputs: [{ ...input, data: ['a', ...data.slice(1)] }] }, /"a", which is no FP32/],
    ['a negative extent', { inputs: [{ ...input, shape: [-1, 3, 64, 64] }] }, /Expected integers ≥ 0/],
    ['a huge shape', { inputs: [{ ...input, shape: [2 ** 50, 2 ** 50] }] }, /Expected integers ≥ 0 for the shape/],
    [
      'bytes that are not there',
      { inputs: [{ ...input, data: undefined, parameters: { binary_data_size: 4 } }] },
      /Expected 4 bytes behind/,
    ],
    [
      'shared memory',
      {
        inputs: [{ ...input, data: undefined, parameters: { shared_memory_region: 'a', shared_memory_byte_size: 4 } }],
      },
      /Expected no shared memory, which this server is started without \(--shared-memory\)/,
    ],
    [
      'classification',
      { inputs: [input], outputs: [{ name: output, parameters: { classification: 3 } }] },
      /no classification/,
    ],
    ['an unknown output', { inputs: [input], outputs: [{ name: 'boxes' }] }, /no output "boxes"/],
    [
      'deep arrays',
      `{"inputs":[{"name":"x","datatype":"FP32","shape":[1],"data":${'['.repeat(50_000)}${']'.repeat(50_000)}}]}`,
      /nested too deeply|elements/,
    ],
  ])('%s: 400 with what was expected', async (_, request, message) => {
    const { status, json } = await (typeof request === 'string' ? ask(infer, request) : post(request));
    expect(json).toEqual({ error: expect.stringMatching(message), code: 'INVALID_ARGUMENT' });
    expect(status).toBe(400);
  });

  test('compressed bodies and wrong lengths of JSON are refused', async () => {
    expect(await post({}, { 'content-encoding': 'gzip' })).toMatchObject({ status: 400 });
    expect(await post({}, { 'inference-header-content-length': '7' })).toMatchObject({ status: 400 });
    expect(await post({}, { 'inference-header-content-length': '-1' })).toMatchObject({ status: 400 });
  });
});

describe('images in, results out', () => {
  const file = readFileSync(image);
  const url = '/v2/models/shapes_det_picodet/predict';

  test('the result is that of predict, with the threshold that was asked for', async () => {
    for (const threshold of [0.5, 0.8]) {
      const { json, status } = await ask(`${url}?threshold=${threshold}`, file, { 'content-type': 'image/png' });
      const expected = withoutTimes(await predict(detector as never, image, { threshold }));
      expect(status).toBe(200);
      expect(withoutTimes(json as never)).toEqual(JSON.parse(JSON.stringify(expected)));
    }
  });

  test('several images, as a form or in JSON, are a list of results', async () => {
    const form = new FormData();
    for (const name of ['a', 'b']) form.append(name, new Blob([file]), `${name}.png`);
    const answer = await fetch(server.url + url, { method: 'POST', body: form });
    const results = (await answer.json()) as { detections: unknown[] }[];
    expect(results.map(({ detections }) => detections)).toEqual([results[0]!.detections, results[0]!.detections]);
    const images = [file.toString('base64'), `data:image/png;base64,${file.toString('base64')}`];
    const { json } = await ask(url, JSON.stringify({ images }), { 'content-type': 'application/json' });
    expect((json as typeof results).map(({ detections }) => detections)).toEqual(
      results.map(({ detections }) => detections),
    );
  });

  test.each(['png', 'jpeg', 'webp'])('a picture, if the client accepts image/%s', async (format) => {
    const headers = { accept: `image/${format}, */*;q=0.1`, 'content-type': 'image/png' };
    const answer = await fetch(server.url + url, { method: 'POST', body: file, headers });
    expect(answer.headers.get('content-type')).toBe(`image/${format}`);
    const picture = await decodeImage(Buffer.from(await answer.arrayBuffer()));
    expect([picture.width, picture.height]).toEqual([320, 240]);
  });

  test('what is no image, no threshold, or several for one picture is refused', async () => {
    expect(await ask(url, 'text', { 'content-type': 'image/png' })).toMatchObject({
      status: 400,
      json: { code: 'IMAGE_UNREADABLE' },
    });
    expect(await ask(`${url}?threshold=2`, file)).toMatchObject({ status: 400 });
    expect(await ask(url, '')).toMatchObject({ status: 400, json: { error: /no body/ as never } });
    const two = JSON.stringify({ images: [file.toString('base64'), file.toString('base64')] });
    const headers = { 'content-type': 'application/json', accept: 'image/png' };
    expect(await ask(url, two, headers)).toMatchObject({ status: 400 });
  });
});

test('models are unloaded and loaded again; the server stays ready, because that was wanted', async () => {
  const name = 'shapes_seg_ppliteseg';
  const states = async (): Promise<Record<string, string>> => {
    const { json } = await ask('/v2/repository/index', '{}');
    return Object.fromEntries((json as { name: string; state: string }[]).map((one) => [one.name, one.state]));
  };
  expect(new Set(Object.values(await states()))).toEqual(new Set(['READY']));
  expect(await ask(`/v2/repository/models/${name}/unload`, '{}')).toMatchObject({ status: 200 });
  expect((await states())[name]).toBe('UNAVAILABLE');
  expect((await ask('/v2/repository/index', '{"ready":true}')).json).toHaveLength(3);
  expect(await ask(`/v2/models/${name}/ready`)).toMatchObject({ status: 503, json: { ready: false } });
  const answer = await ask(`/v2/models/${name}/infer`, '{"inputs":[]}');
  expect(answer).toMatchObject({ status: 503, json: { code: 'NOT_READY' } });
  expect(answer.headers.get('retry-after')).toBe('1');
  expect(await ask('/v2/health/ready')).toMatchObject({ status: 200 });
  expect(await ask(`/v2/repository/models/${name}/load`, '{}')).toMatchObject({ status: 200 });
  expect((await states())[name]).toBe('READY');
  expect(await ask('/v2/repository/models/nothing/load', '{}')).toMatchObject({ status: 404 });
});

test('metrics count requests by model and outcome, and how long they took', async () => {
  const text = await (await fetch(`${server.url}/metrics`)).text();
  expect(text).toMatch(/paddlelab_requests_total\{model="shapes_cls_mbv3s",status="OK"\} \d+/);
  expect(text).toMatch(/paddlelab_requests_total\{model="shapes_cls_mbv3s",status="INVALID_ARGUMENT"\} \d+/);
  expect(text).toMatch(/paddlelab_request_seconds_bucket\{le="60",model="shapes_det_picodet"\} [1-9]/);
  expect(text).toMatch(/paddlelab_queue_length\{model="shapes_det_picodet"\} 0/);
  expect(text).toMatch(/paddlelab_model_ready\{model="shapes_det_picodet"\} 1/);
  expect(text).toMatch(/paddlelab_batch_size_bucket\{le="1",model="shapes_det_picodet"\} [1-9]/);
});
