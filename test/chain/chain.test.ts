import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type AnyModel,
  type ChainResult,
  chain,
  type Detection,
  decodeImage,
  type InstanceDetection,
  jupyterDisplay,
  loadModel,
  type MimeBundle,
  type Model,
  masks,
  type PredictResult,
  predict,
  predictSlices,
  predictStream,
  type RgbPixels,
  toCoco,
  visualize,
} from '../../src';
import { taskOf } from '../../src/tasks/tasks';
import { demoModel, goldenImage } from '../helpers/project';

const engine = { engine: 'plain', trial: false } as const;
const image = goldenImage('f_rgb_640x480.jpg');
let detector: Model<'detection'>;
let classifier: Model<'classification'>;

beforeAll(async () => {
  detector = await loadModel(demoModel('shapes_det_picodet'), { task: 'detection', ...engine });
  classifier = await loadModel(demoModel('shapes_cls_mbv3s'), { task: 'classification', ...engine });
});
afterAll(async () => {
  await detector?.dispose();
  await classifier?.dispose();
});

/** Runs a chain on objects at given places of a blank image. */
function onBlank(boxes: readonly Detection['box'][], then: (part: RgbPixels) => Promise<PredictResult>, options = {}) {
  const detect = async () => {
    const detections = boxes.map((box, classId) => ({
      classId,
      label: `class ${classId}`,
      score: 0.9 - classId / 10,
      box,
    }));
    return { ...base, kind: 'detection' as const, detections };
  };
  const blank = { width: 100, height: 80, channels: 3, data: new Uint8Array(100 * 80 * 3) };
  return predict(chain(detect, { then, ...options }), blank) as Promise<ChainResult>;
}

const timings = { decodeMs: 0, preprocessMs: 1, inferenceMs: 2, postprocessMs: 3 };
const base = { image: { width: 100, height: 80 }, threshold: 0.3, labels: ['plate'], timings };
const ofPart = ({ width, height }: RgbPixels) => ({ ...base, image: { width, height } });

describe('a detector and a classifier', () => {
  test('give each object the classes that its part of the image has alone', async () => {
    const { detections, kind, labels } = await predict(chain(detector, { then: classifier }), image);
    const alone = await predict(detector, image);
    expect(detections.map(({ result: _, ...object }) => object)).toEqual(alone.detections);
    expect([kind, labels]).toEqual(['chain', alone.labels]);
    const pixels = await decodeImage(image);
    for (const { box, result } of detections) {
      const [x1, y1, x2, y2] = box.map(Math.trunc) as [number, number, number, number];
      const [left, top] = [Math.max(0, x1), Math.max(0, y1)];
      const [width, height] = [Math.min(640, x2) - left, Math.min(480, y2) - top];
      const rows = Array.from({ length: height }, (_, y) => {
        const from = ((top + y) * 640 + left) * 3;
        return Buffer.from(pixels.data.subarray(from, from + width * 3));
      });
      const part = { width, height, channels: 3, data: new Uint8Array(Buffer.concat(rows)) };
      const { classes } = await predict(classifier, part);
      expect(result?.classes[0]?.label).toBe(classes[0]?.label);
      // In a batch sums are rounded in another way.
      expect(result?.classes[0]?.score).toBeCloseTo(classes[0]!.score, 4);
    }
    expect(detections.length).toBeGreaterThan(4);
  });

  test('give the same in batches of any size, and in a stream in the images’ order', async () => {
    const images = ['a_rgb_402x270.png', 'c_gray_320x256.png', 'd_rgba_300x300.png'].map(goldenImage);
    const content = ({ detections }: ChainResult) =>
      detections.map(({ result, ...object }) => ({ object, best: result?.classes?.[0]?.label }));
    const one = await predict(chain(detector, { then: classifier, batchSize: 1 }), images);
    const streamed: ChainResult[] = [];
    const many = chain(detector, { then: classifier, batchSize: 16 });
    for await (const result of predictStream(many, images)) streamed.push(result);
    expect(streamed.map(content)).toEqual(one.map(content));
  });

  test('are one picture and one table', async () => {
    const result = await predict(chain(detector, { then: classifier }), image);
    const [first] = result.detections;
    const { 'text/plain': text } = (result as unknown as { [jupyterDisplay](): MimeBundle })[jupyterDisplay]();
    expect(text).toMatch(/detections in 640×480/);
    expect(text).toContain('in it');
    expect(text).toContain(first!.result!.classes[0]!.label);
    const [object] = taskOf<PredictResult>(result).objects!(result, (id) => result.labels[id]!);
    expect(object?.label).toBe(`${first!.label}: ${first!.result!.classes[0]!.label}`);
    const picture = await visualize(image, result);
    expect(picture.data).not.toEqual((await visualize(image, result, { annotators: ['box'] })).data);
    const { columns, rows } = taskOf<PredictResult>(result).csv(result);
    expect(columns).toEqual(['class_id', 'label', 'score', 'x1', 'y1', 'x2', 'y2', 'in_it', 'scores_in_it']);
    expect(rows).toHaveLength(result.detections.length);
    expect(toCoco(result)).toHaveLength(result.detections.length);
    expect(JSON.parse(JSON.stringify(result))).toEqual(result);
  });

  test('thresholds of both, and the classes that are passed on', async () => {
    const both = chain(detector, { then: classifier, threshold: 0.8, thenThreshold: 0.99999, classes: ['circle'] });
    const result = await predict(both, image);
    expect(result.threshold).toBe(0.8);
    for (const { label, score, result: own } of result.detections) {
      expect(score).toBeGreaterThan(0.8);
      expect(own === undefined).toBe(label !== 'circle');
      if (own !== undefined) expect(own.threshold).toBe(0.99999);
    }
    expect((await predict(both, image, { threshold: 0.5 })).detections.length).toBeGreaterThan(
      result.detections.length,
    );
  });
});

describe('the part of the image', () => {
  const seen = async (boxes: Detection['box'][], options: object) => {
    const sizes: string[] = [];
    await onBlank(
      boxes,
      async (part) => {
        sizes.push(`${part.width}×${part.height}`);
        return { ...ofPart(part), kind: 'classification', classes: [] };
      },
      options,
    );
    return sizes;
  };

  test('is cut at the image, and objects outside of it are not passed on', async () => {
    expect(
      await seen(
        [
          [10.9, 10.2, 30.7, 20.9],
          [-5, -5, 8, 9],
          [90, 70, 200, 200],
          [120, 0, 130, 9],
        ],
        {},
      ),
    ).toEqual(['20×10', '8×9', '10×10']);
  });

  test('is larger by a share, as around a person, or any', async () => {
    expect(await seen([[20, 20, 40, 30]], { crop: { expand: 0.5 } })).toEqual(['40×20']);
    expect(await seen([[40, 20, 50, 60]], { crop: 'person' })).toEqual(['39×52']);
    expect(await seen([[40, 20, 50, 60]], { crop: () => ({ left: 1, top: 2, width: 3, height: 4 }) })).toEqual(['3×4']);
    expect(await seen([[40, 20, 50, 60]], { crop: () => undefined })).toEqual([]);
    await expect(seen([[40, 20, 50, 60]], { crop: () => ({ left: 99, top: 0, width: 3, height: 4 }) })).rejects.toThrow(
      /^Expected function that gives a part of the image \(100×80\) in whole pixels for crop/,
    );
  });
});

describe('what is found in a part is in pixels of the whole image', () => {
  const [left, top] = [30, 20];
  const inPart = async (make: (part: RgbPixels) => object): Promise<PredictResult> => {
    const result = await onBlank(
      [[left, top, 70, 60]],
      async (part) => ({ ...ofPart(part), ...make(part) }) as object as PredictResult,
    );
    expect(result.detections[0]?.result?.image).toEqual({ width: 100, height: 80 });
    return result.detections[0]!.result!;
  };

  test('objects with masks, corners and landmarks', async () => {
    const mask = masks.fromBox([2, 3, 12, 8], { width: 40, height: 40 });
    const item = { classId: 0, label: 'plate', score: 0.5, box: [2, 3, 12, 8], landmarks: [[4, 5]], mask };
    const { detections } = await inPart(() => ({ kind: 'instance-segmentation', detections: [item] }));
    const [found] = detections as readonly InstanceDetection[];
    expect(found).toMatchObject({ box: [32, 23, 42, 28], landmarks: [[34, 25]] });
    expect(found!.mask.size).toEqual([80, 100]);
    expect(masks.box(found!.mask)).toEqual([32, 23, 42, 28]);
    const rotated = await inPart(() => ({
      kind: 'rotated-detection',
      detections: [{ ...item, mask: undefined, corners: [0, 1, 2, 3, 4, 5, 6, 7] }],
    }));
    expect(rotated.detections?.[0]).toMatchObject({ corners: [30, 21, 32, 23, 34, 25, 36, 27] });
  });

  test('joints, lines, cells and pixels of classes', async () => {
    const people = [{ score: 1, box: [0, 0, 5, 5], keypoints: [{ x: 1, y: 2, score: 0.5 }] }];
    expect((await inPart(() => ({ kind: 'keypoints', people }))).people).toEqual([
      { score: 1, box: [30, 20, 35, 25], keypoints: [{ x: 31, y: 22, score: 0.5 }] },
    ]);
    const polygon = [
      [1, 2],
      [9, 2],
      [9, 6],
      [1, 6],
    ];
    const line = { polygon, text: 'AB 123', score: 0.9, characters: [{ text: 'A', score: 1, polygon }] };
    const moved = [
      [31, 22],
      [39, 22],
      [39, 26],
      [31, 26],
    ];
    expect((await inPart(() => ({ kind: 'text', text: 'AB 123', lines: [line] }))).lines).toEqual([
      { ...line, polygon: moved, characters: [{ text: 'A', score: 1, polygon: moved }] },
    ]);
    expect((await inPart(() => ({ kind: 'text-detection', regions: [{ polygon, score: 1 }] }))).regions).toEqual([
      { polygon: moved, score: 1 },
    ]);
    const cell = { row: 0, column: 0, rowSpan: 1, columnSpan: 1, header: false, polygon };
    expect((await inPart(() => ({ kind: 'table-structure', cells: [cell], tokens: [], score: 1 }))).cells).toEqual([
      { ...cell, polygon: moved },
    ]);
    const mask = masks.fromBox([0, 0, 40, 20], { width: 40, height: 40 });
    const segment = { classId: 0, label: 'plate', area: 800, fraction: 0.5, mask };
    const [found] = (await inPart(() => ({ kind: 'semantic-segmentation', segments: [segment] }))).segments!;
    expect(found).toMatchObject({ area: 800, fraction: 0.1 });
    expect(masks.box(found!.mask)).toEqual([30, 20, 70, 40]);
  });

  test('a chain in a chain', async () => {
    const inner = chain(
      async (part) => ({
        ...ofPart(part),
        kind: 'detection' as const,
        detections: [{ classId: 0, label: 'wheel', score: 0.7, box: [5, 6, 15, 16] as const }],
      }),
      {
        then: async (part: RgbPixels) => {
          const people = [{ score: 1, box: [0, 0, 5, 5] as const, keypoints: [{ x: 1, y: 1, score: 1 }] }];
          return { ...ofPart(part), kind: 'keypoints' as const, people };
        },
      },
    );
    const outer = chain(
      async () => ({
        ...base,
        kind: 'detection' as const,
        detections: [{ classId: 0, label: 'car', score: 0.9, box: [30, 20, 70, 60] as const }],
      }),
      { then: inner },
    );
    const blank = { width: 100, height: 80, channels: 3, data: new Uint8Array(100 * 80 * 3) };
    const { detections } = await predict(outer, blank);
    const [wheel] = detections[0]!.result!.detections;
    expect(wheel?.box).toEqual([35, 26, 45, 36]);
    expect(wheel?.result?.people[0]?.keypoints).toEqual([{ x: 36, y: 27, score: 1 }]);
    const names = taskOf<PredictResult>(await predict(outer, blank));
    expect(names.objects!(await predict(outer, blank), () => 'car').map(({ label }) => label)).toEqual([
      'car',
      'wheel',
    ]);
  });
});

test('texts and joints are named in the table', async () => {
  const boxes: Detection['box'][] = [
    [0, 0, 50, 20],
    [0, 40, 50, 60],
  ];
  let calls = 0;
  const result = await onBlank(boxes, async (part) => {
    const text = { ...ofPart(part), kind: 'text' as const, text: 'AB\n123', lines: [] };
    const people = [{ score: 0.5, box: [0, 0, 9, 9] as const, keypoints: [{ x: 1, y: 1, score: 0.5 }] }];
    return calls++ === 0 ? text : { ...ofPart(part), kind: 'keypoints' as const, people };
  });
  const { rows } = taskOf<PredictResult>(result).table(result);
  expect(rows.map((row) => row.at(-1))).toEqual(['AB 123', '1 joint']);
  const [plate, person] = taskOf<PredictResult>(result).objects!(result, (id) => `class ${id}`);
  expect(plate?.label).toBe('class 0: AB 123');
  expect(person?.keypoints).toHaveLength(1);
  expect(result.timings).toMatchObject({ preprocessMs: 3, inferenceMs: 6, postprocessMs: 9 });
});

test('slices can be the first stage', async () => {
  const both = chain((pixels) => predictSlices(detector, pixels, { size: 256 }), { then: classifier });
  const { detections } = await predict(both, image);
  expect(detections.map(({ box }) => box)).toEqual(
    (await predictSlices(detector, image, { size: 256 })).detections.map(({ box }) => box),
  );
});

test('a stream takes only a few images ahead, and ends when it is left', async () => {
  let taken = 0;
  let ended = false;
  async function* frames(): AsyncGenerator<string> {
    try {
      for (; ; taken++) yield image;
    } finally {
      ended = true;
    }
  }
  for await (const _ of predictStream(chain(detector, { then: classifier }), frames())) break;
  expect(taken).toBeLessThan(8);
  expect(ended).toBe(true);
});

test('an aborted signal ends both stages', async () => {
  const controller = new AbortController();
  const both = chain(detector, {
    then: async (part: RgbPixels) => {
      controller.abort();
      return { ...ofPart(part), kind: 'classification' as const, classes: [] };
    },
  });
  await expect(predict(both, image, { signal: controller.signal })).rejects.toMatchObject({ code: 'ABORTED' });
});

test.each([
  [
    () => chain(3 as never, { then: classifier }),
    'INVALID_ARGUMENT',
    /^Expected model that finds objects, or function/,
  ],
  [
    () => chain(classifier as AnyModel as never, { then: classifier }),
    'MODEL_UNSUPPORTED',
    /^Expected an object detector/,
  ],
  [
    () => chain(detector, {} as never),
    'INVALID_ARGUMENT',
    /^Expected model, chain, reader, pipeline or function for then/,
  ],
  [() => chain(detector, { then: classifier, crop: 'boxx' as never }), 'INVALID_ARGUMENT', /for crop/],
  [
    () => chain(detector, { then: classifier, crop: { expandd: 1 } as never }),
    'UNKNOWN_OPTION',
    /did you mean "expand"/,
  ],
])('refuses %#', (call, code, message) => {
  expect(call).toThrow(expect.objectContaining({ code, message: expect.stringMatching(message) }));
});

test('a stage that gives no result is refused', async () => {
  await expect(onBlank([[0, 0, 9, 9]], async () => 3 as never)).rejects.toThrow(
    /^Expected function that gives a result for then/,
  );
  const nothing = chain(async () => 3 as never, { then: classifier });
  await expect(predict(nothing, image)).rejects.toThrow(
    /^Expected function that gives a result with detections for detector/,
  );
});
