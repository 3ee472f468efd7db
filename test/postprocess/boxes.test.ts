import { describe, expect, test } from 'vitest';
import { conventionsOf } from '../../src/layouts/conventions';
import { inExportOrder } from '../../src/model-io/export-order';
import type { ModelSpec } from '../../src/spec/spec';
import { readAs, tensor } from '../helpers/postprocess';

const old = { family: 'PaddleDetection 1.x' } as const;

describe('rows of boxes', () => {
  const rows = [
    1,
    0.6,
    1,
    2,
    3,
    4,
    0,
    0.9,
    5,
    6,
    7,
    8,
    -1,
    0.99,
    0,
    0,
    0,
    0,
    2,
    Number.NaN,
    0,
    0,
    0,
    0,
    2,
    0.5,
    0,
    0,
    1,
    1,
  ];

  test('are kept above the threshold, with a class of 0 or more, best first', async () => {
    const { detections, threshold } = await readAs('detection', [
      tensor('float32', [5, 6], rows),
      tensor('int32', [1], [5]),
    ]);
    expect(threshold).toBe(0.5);
    expect(detections.map(({ label, box }) => [label, box])).toEqual([
      ['a', [5, 6, 7, 8]],
      ['b', [1, 2, 3, 4]],
    ]);
  });

  test('are limited by bbox_num of any type; without it, all are used', async () => {
    for (const type of ['int32', 'int64'] as const) {
      const one = await readAs('detection', [tensor('float32', [5, 6], rows), tensor(type, [1], [1])]);
      expect(one.detections).toHaveLength(1);
    }
    expect((await readAs('detection', [tensor('float32', [5, 6], rows)])).detections).toHaveLength(2);
  });

  test.each([
    ['no rows', [tensor('float32', [0, 6], []), tensor('int32', [1], [0])]],
    ['a single −1', [tensor('float32', [1, 1], [-1]), tensor('int32', [1], [0])]],
    ['a row of −1', [tensor('float32', [1, 6], [-1, -1, -1, -1, -1, -1]), tensor('int32', [1], [0])]],
    ['the padding row of two-stage models', [tensor('float32', [1, 6], [0, 0, 0, 0, 1, 1]), tensor('int32', [1], [1])]],
  ])('mean nothing found: %s', async (_, outputs) => {
    expect((await readAs('detection', outputs)).detections).toEqual([]);
    expect((await readAs('detection', outputs.slice(0, 1), { spec: old })).detections).toEqual([]);
  });

  test('that do not match the labels or the count are refused', async () => {
    const far = [tensor('float32', [1, 6], [7, 0.9, 0, 0, 1, 1]), tensor('int32', [1], [1])];
    await expect(readAs('detection', far)).rejects.toThrow(/returned class 7, but there are 3 labels/);
    const many = [tensor('float32', [1, 6], [0, 0.9, 0, 0, 1, 1]), tensor('int32', [1], [3])];
    await expect(readAs('detection', many)).rejects.toMatchObject({ code: 'MODEL_UNSUPPORTED' });
    const other = [tensor('float32', [1, 5], [0, 0.9, 0, 0, 1])];
    await expect(readAs('detection', other)).rejects.toThrow(/float32\[1,5\]/);
  });

  test('of SSD and Face in 1.x are fractions of the image, and LoD is ignored', async () => {
    const boxes = { ...tensor('float32', [1, 6], [1, 0.9, 0.1, 0.25, 0.5, 1]), lod: [[0, 1]] };
    const { detections } = await readAs('detection', [boxes], { spec: { ...old, outputs: { normalizedBoxes: true } } });
    expect(detections[0]!.box).toEqual([10, 20, 50, 80].map((value) => expect.closeTo(value, 4)));
  });
});

test('rotated boxes keep their corners and get an upright bounding box', async () => {
  const row = [2, 0.8, 10, 0, 20, 10, 10, 20, 0, 10];
  const outputs = [tensor('float32', [1, 10], row), tensor('int32', [1], [1])];
  const { detections } = await readAs('rotated-detection', outputs);
  expect(detections[0]).toMatchObject({ label: 'c', box: [0, 0, 20, 20], corners: row.slice(2) });
});

describe('PicoDet without its post-processing', () => {
  // One level of stride 8 over 16×16 pixels: 4 cells, 2 classes, distances from 0 to 3 strides.
  const spec = { arch: 'PicoDet', outputs: { picodet: { strides: [8, 16], nmsThreshold: 0.5 } } };
  const side = (strides: number): number[] => [0, 1, 2, 3].map((i) => (i === strides ? 50 : 0));
  const one = [...side(1), ...side(1), ...side(1), ...side(1)];

  test('is decoded, suppressed and scaled to the original image', async () => {
    const scores = [0.9, 0, 0, 0.7, 0.41, 0, 0.39, 0.1];
    const outputs = [
      tensor('float32', [1, 4, 2], scores),
      tensor('float32', [1, 1, 2], [0.95, 0]),
      tensor('float32', [1, 4, 16], [...one, ...one, ...one, ...one]),
      tensor('float32', [1, 1, 16], [...side(0), ...side(0), ...side(1), ...side(1)]),
    ];
    const { detections } = await readAs('detection', outputs, {
      ...{ spec, size: [16, 16], scaleFactor: [0.5, 0.25], threshold: 0.4 },
    });
    expect(detections.map(({ classId, box }) => [classId, box.map(Math.round)])).toEqual([
      // The level of stride 16: its cell's centre is (8, 8), and the box extends to the image's end.
      [0, [32, 16, 64, 32]],
      [0, [0, 0, 48, 24]],
      [1, [16, 0, 64, 24]],
      [0, [0, 8, 48, 32]],
    ]);
  });

  test('is distinguished from a model with post-processing', async () => {
    const outputs = [tensor('float32', [1, 6], [0, 0.9, 1, 2, 3, 4]), tensor('int32', [1], [1])];
    expect((await readAs('detection', outputs, { spec })).detections[0]!.box).toEqual([1, 2, 3, 4]);
  });
});

test('Paddle Serving returns the outputs in another order', () => {
  const [boxes, number, masks] = [
    tensor('float32', [1, 6], [0, 0.9, 1, 2, 3, 4]),
    tensor('int32', [1], [1]),
    tensor('int32', [1, 1, 1], [1]),
  ];
  const specOf = (layout: string): ModelSpec => {
    const spec = { layout, family: 'PaddleDetection 2.x', task: 'instance-segmentation', arch: 'RCNN' } as ModelSpec;
    return { ...spec, conventions: conventionsOf(spec) };
  };
  expect(inExportOrder(specOf('Paddle Serving'), [masks, number, boxes])).toEqual([boxes, number, masks]);
  expect(inExportOrder(specOf('PaddleX'), [number, boxes])).toEqual([number, boxes]);
});

test('faces of 1.x have landmarks, scaled by the other axis of the prior as in the script', async () => {
  const outputs = [
    tensor('float32', [3, 6], [0, 0.2, 0, 0, 1, 1, 0, 0.9, 0.1, 0.2, 0.5, 0.6, 0, 0.8, 0.5, 0.5, 0.7, 0.9]),
    tensor('int32', [3, 1], [0, 2, 1]),
    tensor('float32', [3, 10], [...Array(10).fill(9), 1, 2, -1, 0, 0, 0, 3, -3, 0, 5, ...Array(10).fill(0)]),
    tensor('float32', [3, 4], [0, 0, 1, 1, 0.2, 0.2, 0.4, 0.6, 0.5, 0.5, 0.7, 0.9]),
  ];
  const spec = {
    family: 'PaddleDetection 1.x',
    arch: 'Face',
    outputs: { normalizedBoxes: true, landmarks: true },
  } as const;
  const { detections } = await readAs('detection', outputs, { spec, image: { width: 200, height: 100 } });
  const near = (points: number[][]) => points.map((point) => point.map((value) => expect.closeTo(value, 4)));
  // The prior of the second row is the third one: 0.2 wide, 0.4 high, its centre at 0.6, 0.7. The other one: 0.2 wide
  // and 0.4 high at 0.3, 0.4, with other offsets.
  expect(detections[1]!.landmarks).toEqual(
    near([
      [68, 44],
      [52, 40],
      [60, 40],
      [84, 34],
      [60, 50],
    ]),
  );
  expect(detections[0]!.landmarks).toEqual(
    near([
      [120, 70],
      [120, 70],
      [120, 70],
      [120, 70],
      [120, 70],
    ]),
  );
  expect(detections[0]!.box).toEqual([20, 20, 100, 60].map((value) => expect.closeTo(value, 4)));
  await expect(readAs('detection', outputs.slice(0, 1), { spec })).rejects.toThrow(/points and priors of a face/);
});
