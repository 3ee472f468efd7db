import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type ImageInput, loadPipeline, type Pipeline, predict, predictStream, type RgbImage } from '../../src';
import { projectRoot } from '../helpers/project';
import { type Instead, json, Serving } from './serving';

const object = { bbox: [1, 2, 3, 4], categoryId: 1, categoryName: 'a', score: 0.9 };
const image = path.join(projectRoot, 'notebooks/images/shapes.png');

/** Each image of a stream has its own width. */
const imageOf = (width: number): RgbImage => ({ width, height: 2, data: new Uint8Array(width * 6) });
const images = (count: number): RgbImage[] => Array.from({ length: count }, (_, i) => imageOf(i + 1));

let servers: Serving[];
let pipeline: Pipeline;
beforeEach(async () => {
  const start = () => new Serving('/object-detection', { detectedObjects: [object] }).start();
  servers = await Promise.all([start(), start()]);
  pipeline = await loadPipeline(servers.map(({ url }) => url));
  for (const { asked } of servers) asked.length = 0;
});
afterEach(async () => {
  await pipeline.dispose();
  await Promise.all(servers.map((server) => server.stop()));
});

const refused: Instead = (response) => {
  json(response, 422, { logId: '1', errorCode: 422, errorMsg: 'Invalid image' });
  return true;
};

/** Answers that wait, in order of the requests of a server, until they are released. */
function hold(server: Serving, count: number): (() => void)[] {
  const release: (() => void)[] = [];
  for (let i = 0; i < count; i++) {
    server.instead.push((response) => {
      const body = { logId: '1', errorCode: 0, errorMsg: 'Success', result: server.result };
      release.push(() => json(response, 200, body));
      return true;
    });
  }
  return release;
}

async function until(what: () => boolean): Promise<void> {
  while (!what()) await new Promise((resolve) => setImmediate(resolve));
}

test('results come in the order of the images, and the servers share them', async () => {
  expect(pipeline.imagesAtOnce).toBe(8);
  const held = hold(servers[0]!, 4);
  const widths: number[] = [];
  const reading = (async () => {
    for await (const { image } of predictStream(pipeline, images(12), { threshold: 0.5 })) widths.push(image.width);
  })();
  // Those of the other server are answered at once, but the first one is missing.
  await until(() => held.length === 4);
  for (const release of held.reverse()) release();
  await reading;
  expect(widths).toEqual(Array.from({ length: 12 }, (_, i) => i + 1));
  for (const { asked } of servers) expect(asked.length).toBeGreaterThanOrEqual(4);
});

test('no more images are taken than are sent at once', async () => {
  const held = servers.map((server) => hold(server, 2));
  let taken = 0;
  function* source(): Generator<ImageInput> {
    for (const one of images(9)) {
      taken++;
      yield one;
    }
  }
  const stream = predictStream(pipeline, source(), { parallel: 3 });
  const first = stream.next();
  await until(() => held.flat().length === 3);
  expect(taken).toBe(3);
  for (const release of held.flat()) release();
  for (const { instead } of servers) instead.splice(0);
  expect((await first).value?.kind).toBe('detection');
  await stream.return();
});

test('a failure is thrown when its turn comes, and ends the other requests', async () => {
  servers[0]!.instead.push(() => undefined, refused);
  await using one = await loadPipeline(servers[0]!.url);
  const widths: number[] = [];
  const reading = async (): Promise<void> => {
    for await (const { image } of predictStream(one, images(3), { parallel: 1 })) widths.push(image.width);
  };
  await expect(reading()).rejects.toMatchObject({ code: 'REMOTE_FAILED' });
  expect(widths).toEqual([1]);
  // The others are never answered: this ends because their requests are ended.
  servers[0]!.instead.push(...Array.from({ length: 3 }, (): Instead => () => true));
  const broken = [Buffer.from('no image'), ...images(3)];
  await expect(predict(one, broken)).rejects.toMatchObject({ code: 'IMAGE_UNREADABLE' });
});

test('leaving the loop ends the requests under way, and disposing waits for nothing', async () => {
  // PNG has the width here; requests may arrive in another order than that of the images.
  const onlyFirst: Instead = (_, { body }) => Buffer.from(String(body.image), 'base64').readUInt32BE(16) !== 1;
  for (const { instead } of servers) instead.push(...Array.from({ length: 9 }, () => onlyFirst));
  for await (const { image } of predictStream(pipeline, images(9))) {
    expect(image.width).toBe(1);
    break;
  }
  await pipeline.dispose();
});

test('an abort ends a stream', async () => {
  const controller = new AbortController();
  const stream = predictStream(pipeline, images(5), { signal: controller.signal });
  for (const server of servers) {
    server.instead.push(() => {
      controller.abort();
      return true;
    });
  }
  await expect(stream.next()).rejects.toMatchObject({ code: 'ABORTED' });
  expect((await stream.next()).done).toBe(true);
});

test('arguments are checked', async () => {
  const first = (options: object, input: unknown = [image]) =>
    predictStream(pipeline, input as never, options as never).next();
  await expect(first({ batchSize: 2 })).rejects.toThrow(/Unknown option "batchSize" for predictStream on a pipeline/);
  await expect(first({ parallel: 0 })).rejects.toThrow(/Expected integer ≥ 1 for parallel but received 0/);
  await expect(first({}, 'photos')).rejects.toThrow(/Expected iterable of images for images/);
  await expect(first({}, ['nowhere.png'])).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
});
