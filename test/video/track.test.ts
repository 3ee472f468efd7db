import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTracker, type ImageInput, loadModel, type Model, predict, track, visualizeVideo } from '../../src';
import type { RgbImage } from '../../src/image/image';
import { runsUnderWay } from '../../src/predict/predict-stream';
import { demoModel, goldenImage } from '../helpers/project';

const picture = goldenImage('a_rgb_402x270.png');
let model: Model<'detection'>;
let frames: RgbImage[];

/** A window that moves over a picture, so that everything in it moves the other way. */
async function windowAt(t: number): Promise<RgbImage> {
  const { width = 0, height = 0 } = await sharp(picture).metadata();
  const window = { left: 3 * t, top: 2 * t, width: width - 40, height: height - 30 };
  const { data, info } = await sharp(picture).extract(window).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data };
}

const inputs = () => frames.map((frame) => ({ ...frame, channels: 3 as const }));

beforeAll(async () => {
  model = (await loadModel(demoModel('shapes_det_picodet'), { engine: 'plain', trial: false })) as Model<'detection'>;
  frames = await Promise.all(Array.from({ length: 8 }, (_, t) => windowAt(t)));
});
afterAll(() => model?.dispose());

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

describe('objects of frames', () => {
  test('keep their numbers, and are those that predict and a tracker give one after the other', async () => {
    const tracker = createTracker('bytetrack');
    const expected: number[][] = [];
    for (const image of inputs()) {
      const { detections } = await predict(model, image, { threshold: 0.1 });
      expected.push(tracker.update(detections).map(({ id }) => id));
    }
    const found = await all(track(model, inputs(), { tracker: 'bytetrack', fps: 4, parallel: 2 }));
    expect(found.map(({ index, time }) => [index, time])).toEqual(frames.map((_, i) => [i, i / 4]));
    const ids = found.map(({ result }) => result.detections.map(({ trackId }) => trackId as number));
    expect(ids.map((own) => own.toSorted())).toEqual(expected.map((own) => own.toSorted()));
    expect(ids[0]?.length).toBeGreaterThan(1);
    expect(new Set(ids.flat()).size).toBeLessThan(2 * ids[0]!.length);
    expect(found.every(({ result }) => result.tracker === 'bytetrack')).toBe(true);
  });

  test('get numbers after those that a given tracker has used before', async () => {
    const tracker = createTracker('bot-sort');
    const ids = async (image: ImageInput) => {
      const [frame] = await all(track(model, [image], { tracker }));
      return frame!.result.detections.map(({ trackId }) => trackId as number);
    };
    const first = await ids(inputs()[0]!);
    // Upside down, its objects are elsewhere.
    const second = await ids(await sharp(picture).flip().png().toBuffer());
    expect(first.toSorted((a, b) => a - b)).toEqual(first.map((_, i) => i + 1));
    expect(Math.max(...second)).toBeGreaterThan(first.length);
    expect(new Set([...first, ...second]).size).toBeGreaterThan(second.length);
  });

  test('are found only a few frames ahead of what is used, and leaving the loop ends the source', async () => {
    let taken = 0;
    let ended = false;
    async function* source() {
      try {
        for (;;) {
          taken++;
          yield inputs()[taken % frames.length]!;
        }
      } finally {
        ended = true;
      }
    }
    let used = 0;
    for await (const _ of track(model, source())) {
      used++;
      expect(taken).toBeLessThanOrEqual(used + runsUnderWay(1) + 1);
      if (used === 6) break;
    }
    expect(ended).toBe(true);
  });

  test('end with ABORTED when the signal is, and progress counts the frames before', async () => {
    const controller = new AbortController();
    const steps: unknown[] = [];
    const run = all(
      track(model, inputs(), {
        signal: controller.signal,
        onProgress: (step) => {
          steps.push(step);
          if (step.done === 3) controller.abort();
        },
      }),
    );
    await expect(run).rejects.toThrow(expect.objectContaining({ code: 'ABORTED' }));
    expect(steps).toEqual([1, 2, 3].map((done) => ({ done, frames: 8 })));
  });

  test('are drawn with their numbers', async () => {
    const plain = await visualizeVideo(model, inputs(), { format: 'gif' });
    const tracked = await visualizeVideo(model, inputs(), { format: 'gif', tracker: 'bytetrack' });
    expect([tracked.frames, tracked.width]).toEqual([plain.frames, plain.width]);
    expect(tracked.toBuffer().equals(plain.toBuffer())).toBe(false);
  });
});

test('a model without boxes, another tracker and a missing file are refused', async () => {
  const first = (...given: Parameters<typeof track>) => track(...given).next();
  const refused = (code: string, message: RegExp) =>
    expect.objectContaining({ code, message: expect.stringMatching(message) });
  const classifier = await loadModel(demoModel('shapes_cls_mbv3s'), { engine: 'plain', trial: false });
  try {
    const wrong = first(classifier as unknown as Model<'detection'>, inputs());
    await expect(wrong).rejects.toThrow(refused('INVALID_ARGUMENT', /model for tracking \(detection, /));
    await expect(visualizeVideo(classifier as Model, inputs(), { tracker: 'oc-sort' })).rejects.toThrow(/for tracking/);
  } finally {
    await classifier.dispose();
  }
  const sort = first(model, inputs(), { tracker: 'sort' as 'oc-sort' });
  await expect(sort).rejects.toThrow(refused('INVALID_ARGUMENT', /"bytetrack", "oc-sort", "bot-sort"/));
  await expect(first(model, path.join('missing', 'street.mp4'))).rejects.toThrow(refused('FILE_NOT_FOUND', /street/));
  await expect(first(model, 'rtsp://host/stream')).rejects.toThrow(refused('INVALID_ARGUMENT', /\{ url: /));
});
