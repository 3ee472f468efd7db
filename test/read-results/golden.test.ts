import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  type Detection,
  decodeRle,
  masks,
  parseCocoResults,
  parseSupervision,
  parseUltralytics,
  parseUltralyticsLabels,
  type RleMask,
  toCoco,
  visualize,
} from '../../src';
import { projectRoot } from '../helpers/project';

// The files are written by the packages themselves: golden.py.

const folder = path.join(projectRoot, 'test/golden/read-results');
const read = (name: string): string => readFileSync(path.join(folder, name), 'utf8');
const size = { width: 80, height: 60 };
const labels = ['person', 'car', 'traffic light'];

type Numbers = readonly number[];
const near = (found: Numbers, expected: Numbers, tolerance: number): void => {
  expect(found.length).toBe(expected.length);
  for (const [i, value] of found.entries()) expect(Math.abs(value - expected[i]!)).toBeLessThanOrEqual(tolerance);
};

describe('Ultralytics', () => {
  interface Expected {
    readonly cls: Numbers;
    readonly conf: Numbers;
    readonly xyxy: readonly Numbers[];
    readonly id?: Numbers;
    readonly corners?: readonly Numbers[];
    readonly areas?: Numbers;
    readonly joints?: readonly (readonly Numbers[])[];
  }
  const expected = JSON.parse(read('ultralytics.json')) as Readonly<Record<string, Expected & { top5: Numbers }>>;

  const check = (detections: readonly Detection[], own: Expected, tolerance: number, scores = true): void => {
    expect(detections.length).toBe(own.cls.length);
    const order = own.cls.map((_, i) => i).sort((a, b) => (scores ? own.conf[b]! - own.conf[a]! : a - b));
    for (const [at, i] of order.entries()) {
      const { classId, label, score, box } = detections[at]!;
      expect([classId, label]).toEqual([own.cls[i], labels[classId]]);
      expect(score).toBeCloseTo(scores ? own.conf[i]! : 1, 5);
      near(box, own.xyxy[i]!, tolerance);
      expect((detections[at] as { trackId?: number }).trackId).toBe(own.id?.[i]);
    }
  };

  test.each(['detect', 'track'])('to_json of %s', (name) => {
    const result = parseUltralytics(read(`${name}.json`), { size });
    expect(result).toMatchObject({ kind: 'detection', image: size, labels });
    check(result.detections!, expected[name]!, 1e-4);
  });

  test('to_json of segment: masks filled from their outlines', () => {
    const result = parseUltralytics(read('segment.json'), { size });
    if (result.kind !== 'instance-segmentation') throw new Error(result.kind);
    check(result.detections, expected.segment!, 1e-4);
    for (const [i, { mask }] of result.detections.entries()) {
      const area = expected.segment!.areas![i]!;
      // The outline goes through the middle of the pixels at the edge.
      expect(Math.abs(masks.area(mask) - area)).toBeLessThan(4 * Math.sqrt(area));
      expect(decodeRle(mask)).toMatchObject(size);
    }
  });

  test('to_json of obb: corners', () => {
    const result = parseUltralytics(read('obb.json'), { size });
    if (result.kind !== 'rotated-detection') throw new Error(result.kind);
    check(result.detections, expected.obb!, 1e-3);
    for (const [i, { corners }] of result.detections.entries()) near(corners, expected.obb!.corners![i]!, 1e-4);
  });

  test('to_json of pose: joints', () => {
    const result = parseUltralytics(read('pose.json'), { size });
    if (result.kind !== 'keypoints') throw new Error(result.kind);
    for (const [i, { keypoints, score, box }] of result.people.entries()) {
      near(
        keypoints.flatMap(({ x, y, score }) => [x, y, score]),
        expected.pose!.joints![i]!.flat(),
        1e-4,
      );
      expect(score).toBeCloseTo(expected.pose!.conf[i]!, 5);
      near(box, expected.pose!.xyxy[i]!, 1e-4);
    }
    expect(result.people).toHaveLength(3);
  });

  test('to_json of classify: classes', () => {
    const result = parseUltralytics(read('classify.json'), { size });
    expect(result.kind).toBe('classification');
    expect(result.classes!.map(({ classId }) => classId)).toEqual(expected.classify!.top5);
    near(
      result.classes!.map(({ score }) => score),
      expected.classify!.conf,
      1e-5,
    );
  });

  test.each([
    ['detect', 'boxes', false],
    ['track', 'boxes', true],
    ['obb', 'corners', false],
    ['segment', 'masks', false],
  ] as const)('save_txt of %s', (name, form, ids) => {
    for (const scores of [true, false]) {
      const text = read(`${name}${scores ? '' : '-no-scores'}.txt`);
      const result = parseUltralyticsLabels(text, { size, labels, form, ids, scores });
      // Six digits are written; a box in a file of masks is that of the outline.
      if (form !== 'masks') check(result.detections!, expected[name]!, 0.01, scores);
      const kinds = { boxes: 'detection', corners: 'rotated-detection', masks: 'instance-segmentation' };
      expect(result.kind).toBe(kinds[form]);
    }
  });

  test('the masks of save_txt are those of to_json', () => {
    const [json, text] = [
      parseUltralytics(read('segment.json'), { size }),
      parseUltralyticsLabels(read('segment.txt'), { size, form: 'masks' }),
    ];
    const masksOf = ({ detections = [] }: typeof json) => detections.map((item) => (item as { mask?: RleMask }).mask);
    const shared = masksOf(json).map((mask, i) => masks.iou(mask!, masksOf(text)[i]!));
    expect(Math.min(...shared)).toBeGreaterThan(0.9);
  });

  test('a column that is not a score is noticed', () => {
    const error = expect.objectContaining({ code: 'DATASET_INVALID', message: expect.stringMatching(/scores: false/) });
    expect(() => parseUltralyticsLabels('0 .5 .5 .1 .1 7', { size })).toThrow(error);
  });
});

describe('pycocotools', () => {
  interface Record {
    readonly image: number;
    readonly bbox: Numbers;
    readonly area: number;
    readonly counts: string;
  }
  const expected = JSON.parse(read('others.json')) as { readonly [name: string]: readonly Record[] };
  const categoryIds = [10, 11, 12];
  const boxOf = ({ bbox: [x = 0, y = 0, width = 0, height = 0] }: Record) => [x, y, x + width, y + height];

  test('boxes, by their images', () => {
    const images = parseCocoResults(read('coco-boxes.json'), { size, labels, categoryIds });
    expect(images.map(({ image }) => image)).toEqual([4, 5]);
    for (const { image, result } of images) {
      const own = expected['coco-boxes']!.filter((record) => record.image === image);
      expect(result.detections!.map(({ box }) => [...box])).toEqual(own.map(boxOf));
      expect(result.detections!.every(({ classId, label }) => labels[classId] === label)).toBe(true);
    }
  });

  test.each(['coco-masks', 'coco-plain', 'coco-polygons'])('%s', (name) => {
    const [only] = parseCocoResults(read(`${name}.json`), { categoryIds, size });
    if (only?.result.kind !== 'instance-segmentation') throw new Error(only?.result.kind);
    expect(only.result.image).toEqual(size);
    for (const [i, { mask, box }] of only.result.detections.entries()) {
      const own = expected[name]![i]!;
      expect([...box]).toEqual(boxOf(own));
      if (own.counts === undefined) expect(masks.area(mask)).toBe(own.area);
      else expect(mask.counts).toBe(own.counts);
    }
    expect(only.result.detections).toHaveLength(expected[name]!.length);
  });

  test('masks have the size of the image', () => {
    expect(parseCocoResults(read('coco-masks.json'), { categoryIds })[0]?.result.image).toEqual(size);
    const error = expect.objectContaining({ code: 'DATASET_INVALID', message: expect.stringMatching(/size/) });
    expect(() => parseCocoResults(read('coco-boxes.json'))).toThrow(error);
  });

  test('joints, with the box around them', () => {
    const [only] = parseCocoResults(read('coco-joints.json'), { categoryIds, size });
    if (only?.result.kind !== 'keypoints') throw new Error(only?.result.kind);
    const [person] = only.result.people;
    expect(person?.keypoints[1]).toEqual({ x: 30.5, y: 15, score: 0.25 });
    expect([...(person?.box ?? [])]).toEqual(boxOf(expected['coco-joints']![0]!));
  });

  test('what toCoco writes is read back, and can be drawn', async () => {
    const [only] = parseCocoResults(read('coco-masks.json'), { categoryIds, labels });
    const records = toCoco(only!.result, { imageId: 4, categoryIds });
    const [again] = parseCocoResults(records, { categoryIds, labels });
    expect(again?.result).toEqual(only?.result);
    const image = { ...size, data: new Uint8Array(80 * 60 * 3) };
    const picture = await visualize({ ...image, channels: 3 }, only!.result);
    expect([picture.width, picture.height]).toEqual([80, 60]);
  });
});

describe('supervision', () => {
  const box = [20, 10, 70.5, 55.25];

  test.each(['json', 'csv'])('the %s sink, frame by frame', (format) => {
    const frames = parseSupervision(read(`supervision.${format}`), { size, groupBy: 'frame_index' });
    expect(frames.map(({ image }) => image)).toEqual([3, 7]);
    expect(frames.map(({ result }) => result.detections?.length)).toEqual([3, 2]);
    const [first, second] = frames[1]!.result.detections!;
    expect(first).toEqual({ classId: 0, label: 'person', score: 0.625, box, trackId: 9 });
    // Not tracked: supervision's -1.
    expect(second).toEqual({ classId: 2, label: 'traffic light', score: 0.375, box: [1, 2, 9, 12] });
  });

  test.each(['json', 'csv'])('the %s sink without classes, scores and ids', (format) => {
    const [only] = parseSupervision(read(`supervision-bare.${format}`), { size });
    expect(only?.result.detections?.[1]).toEqual({ classId: 0, label: 'class 0', score: 1, box });
  });
});

test.each([
  [() => parseCocoResults('{'), /^Expected JSON for records but /],
  [
    () => parseCocoResults([{ image_id: 1, category_id: 0, bbox: [1, 2, 3], score: 1 }], { size }),
    /records\[0\]\.bbox/,
  ],
  [() => parseCocoResults([{ image_id: 1, category_id: 0, bbox: [1, 2, 3, 4] }], { size }), /records\[0\]\.score/],
  [
    () => parseCocoResults([{ image_id: 1, category_id: 0, score: 1 }], { size }),
    /a bbox, a segmentation or keypoints/,
  ],
  [
    () => parseCocoResults([{ image_id: 1, category_id: 9, score: 1, bbox: [1, 2, 3, 4] }], { size, categoryIds: [1] }),
    /^Expected one of categoryIds 1 for records\[0\]\.category_id but received 9/,
  ],
  [() => parseUltralytics([{ class: 0, confidence: 1, box: { x1: 1 } }], { size }), /items\[0\]\.box\.y1/],
  [() => parseUltralytics('3', { size }), /^Expected a list of records for items but received 3/],
  [
    () => parseUltralyticsLabels('0 .5 .5 .1', { size, scores: false }),
    /^Expected centre, width and height for line 1/,
  ],
  [() => parseSupervision('x_min,y_min\n1', { size }), /^Expected 2 cells for rows\[0\]/],
  [() => parseSupervision('x_min\n"1', { size }), /^Expected CSV for rows but there is a quote in row 2/],
  [() => parseSupervision(read('supervision.csv'), { size, groupBy: 'frame' }), /rows\[0\]\.frame/],
])('a damaged file is refused with the place, %#', (call, message) => {
  expect(call).toThrow(expect.objectContaining({ code: 'DATASET_INVALID', message: expect.stringMatching(message) }));
});
