import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type LoadPipelineOptions, loadPipeline, type Pipeline, predict } from '../../src';
import { freePort } from '../helpers/free-port';
import { projectRoot } from '../helpers/project';
import { type Instead, json, Serving } from './serving';

const image = path.join(projectRoot, 'notebooks/images/shapes.png');
const object = { bbox: [1, 2, 3, 4], categoryId: 1, categoryName: 'a', score: 0.9 };

let server: Serving;
let pipeline: Pipeline;
beforeAll(async () => {
  server = await new Serving('/object-detection', { detectedObjects: [object] }).start();
  pipeline = await loadPipeline(server.url, { retries: 2 });
});
beforeEach(() => {
  server.asked.length = 0;
  server.instead.length = 0;
  server.healthy = true;
});
afterAll(async () => {
  await pipeline.dispose();
  await server.stop();
});

const load = (options: LoadPipelineOptions = {}, url = server.url): Promise<Pipeline> => loadPipeline(url, options);
const answer =
  (status: number, body: object): Instead =>
  (response) => {
    json(response, status, body);
    return true;
  };
const failed = (errorCode: number, errorMsg: string): object => ({ logId: '1', errorCode, errorMsg });
const result = (content: object): Instead => answer(200, { ...failed(0, 'Success'), result: content });

describe('a refusal has the words of the server', () => {
  test.each([
    [422, failed(422, 'Invalid input file'), /object-detection: the server answered 422, "Invalid input file"/],
    [500, failed(500, 'Internal server error'), /answered 500, "Internal server error"; it failed; see its log/],
    [200, failed(501, 'out of memory'), /the pipeline failed: 501, "out of memory"/],
    [401, {}, /it wants a login; give token or headers/],
    [200, { logId: '1', errorCode: 0 }, /Expected result as a JSON object but the server answered nothing/],
  ])('%i %o', async (status, body, text) => {
    server.instead.push(answer(status, body));
    const message = expect.stringMatching(text);
    await expect(predict(pipeline, image)).rejects.toMatchObject({ code: 'REMOTE_FAILED', message });
    expect(server.asked).toHaveLength(1);
    expect((await predict(pipeline, image)).kind).toBe('detection');
  });
});

describe('a wrong answer is never taken', () => {
  test.each([
    [{}, /Expected an array detectedObjects/],
    [{ detectedObjects: [7] }, /detectedObjects\[0\] as a JSON object/],
    [{ detectedObjects: [{ ...object, bbox: [1, 2, 3] }] }, /Expected 4 numbers for bbox/],
    [{ detectedObjects: [{ ...object, bbox: [1, 2, 3, null] }] }, /a number for bbox/],
    [{ detectedObjects: [{ ...object, categoryId: 1e9 }] }, /an integer from 0 to 100000 for categoryId/],
    [{ detectedObjects: [{ ...object, score: 'high' }] }, /a number for score but the server answered "high"/],
    [{ detectedObjects: [{ ...object, categoryName: null }] }, /a text for categoryName/],
  ])('%j', async (content, text) => {
    server.instead.push(result(content));
    const message = expect.stringMatching(text);
    await expect(predict(pipeline, image)).rejects.toMatchObject({ code: 'REMOTE_FAILED', message });
  });

  test.each([
    [
      'instance-segmentation',
      { instances: [{ ...object, mask: { rleResult: '0', size: [9, 9] } }] },
      /Expected a mask of 240×320 or 2×2, the size of the image or the box, .*9×9/,
    ],
    [
      'instance-segmentation',
      { instances: [{ ...object, mask: { rleResult: '~~', size: [240, 320] } }] },
      /76800 pixels/,
    ],
    ['semantic-segmentation', { labelMap: [0], size: [240, 320] }, /Expected 76800 classes in labelMap/],
    ['semantic-segmentation', { labelMap: [], size: [1, 1] }, /map of 240×320, the size of the image/],
    ['ocr', { ocrResults: [] }, /text of one image but the server answered 0 pages/],
    ['ocr', { ocrResults: [{ prunedResult: { rec_texts: ['a'], rec_scores: [], rec_polys: [] } }] }, /1 numbers/],
    [
      'ocr',
      { ocrResults: [{ prunedResult: { doc_preprocessor_res: { angle: 90 } } }] },
      /turned or unwarped the page, though it was asked not to/,
    ],
  ] as const)('%s %j', async (task, content, text) => {
    const other = await new Serving(`/${task}`, content).start();
    try {
      await using opened = await loadPipeline(other.url, { task });
      const message = expect.stringMatching(text);
      await expect(predict(opened, image)).rejects.toMatchObject({ code: 'REMOTE_FAILED', message });
    } finally {
      await other.stop();
    }
  });

  test('no JSON, an answer that ends early, and one that is too large', async () => {
    server.instead.push((response) => response.end('<html>') !== undefined);
    await expect(predict(pipeline, image)).rejects.toThrow(
      /Expected JSON .*"<html>"; is it a server of PaddleX's basic/,
    );
    server.instead.push((response) => {
      response.writeHead(200, { 'content-length': 99 });
      response.write('{"logId"', () => response.destroy());
      return true;
    });
    // A connection that was cut is tried again.
    expect((await predict(pipeline, image)).kind).toBe('detection');
    await using small = await load({ largestAnswer: 200 });
    server.instead.push(result({ detectedObjects: [object], filler: 'x'.repeat(500) }));
    await expect(predict(small, image)).rejects.toThrow(/at most 200 are read; largestAnswer sets another limit/);
  });
});

describe('time', () => {
  const silent: Instead = () => true;

  test('no answer in time, and an abort', async () => {
    await using quick = await load({ timeoutMs: 300 });
    server.instead.push(silent);
    const message = expect.stringMatching(
      /no complete answer within 300 ms; is the server overloaded\? timeoutMs sets/,
    );
    await expect(predict(quick, image)).rejects.toMatchObject({ code: 'REMOTE_FAILED', message });
    const controller = new AbortController();
    server.instead.push(() => {
      controller.abort();
      return true;
    });
    await expect(predict(pipeline, image, { signal: controller.signal })).rejects.toMatchObject({ code: 'ABORTED' });
  });

  test('503 is repeated', async () => {
    server.instead.push(answer(503, {}), answer(503, {}));
    await predict(pipeline, image);
    expect(server.asked).toHaveLength(3);
  });
});

describe('loading', () => {
  test('token and headers are sent with each request', async () => {
    await using opened = await load({ token: 'secret', headers: { 'x-own': 'a' } });
    await predict(opened, image);
    for (const { headers } of server.asked)
      expect(headers).toMatchObject({ authorization: 'Bearer secret', 'x-own': 'a' });
  });

  test('nothing listens, not healthy, another pipeline', async () => {
    const url = `http://127.0.0.1:${await freePort()}`;
    await expect(load({ retries: 0 }, url)).rejects.toMatchObject({ code: 'REMOTE_FAILED' });
    server.healthy = false;
    await expect(load()).rejects.toThrow(/health: it is not healthy: 500, "No model"/);
    const other = await new Serving('/layout-parsing', {}).start();
    const message = expect.stringMatching(
      /Expected one pipeline but the server offers \/layout-parsing; here are: object/,
    );
    await expect(load({}, other.url)).rejects.toMatchObject({ code: 'MODEL_NOT_FOUND', message });
    await other.stop();
    server.healthy = true;
    await using wrong = await load({ task: 'ocr' });
    await expect(predict(wrong, image)).rejects.toMatchObject({ code: 'MODEL_NOT_FOUND' });
  });

  test('options are checked, and a disposed pipeline says so', async () => {
    await expect(load({ task: 'detection' as never })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    await expect(load({ tokn: 'a' } as never)).rejects.toThrow(/Unknown option "tokn".*"token"/);
    await expect(load({ parameters: { useDocUnwarping: true } })).rejects.toThrow(/parameters\.useDocUnwarping/);
    await expect(load({ task: 'ocr' }, `${server.url}/object-detection`)).rejects.toThrow(/ocr for all URLs/);
    await expect(load({}, 'grpc://host:1')).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    await expect(predict(pipeline, image, { raw: true } as never)).rejects.toMatchObject({ code: 'UNKNOWN_OPTION' });
    const opened = await load();
    await opened.dispose();
    await expect(predict(opened, image)).rejects.toMatchObject({ code: 'DISPOSED' });
  });
});
