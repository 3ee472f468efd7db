import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { type ImageTruth, readGroundTruth, rleArea, type TrueObject, truthAsResult } from '../../src';
import { folderWith } from '../helpers/folders';

const size = { width: 20, height: 10 };
const object: TrueObject = { classId: 1, box: [1, 2, 4, 5], area: 20, crowd: false, ignored: false };
const polygon = [2, 1, 6, 1, 6, 4, 2, 4];
const joints = [3, 4, 2, 0, 0, 0];

const truthOf = (...objects: readonly TrueObject[]): ImageTruth => ({ kind: 'objects', objects });

test('objects become the result of the task that all of them have what it takes for', () => {
  const options = { size, labels: ['cat', 'dog'] };
  const boxes = truthAsResult(truthOf(object, { ...object, mask: [polygon] }), options);
  expect(boxes).toMatchObject({ kind: 'detection', image: size, labels: ['cat', 'dog'], threshold: 0 });
  expect(boxes.detections?.[0]).toEqual({ classId: 1, label: 'dog', score: 1, box: [1, 2, 5, 7] });
  const masks = truthAsResult(truthOf({ ...object, mask: [polygon] }), options);
  if (masks.kind !== 'instance-segmentation') throw new Error(masks.kind);
  // As pycocotools fills this polygon.
  expect(masks.detections.map(({ mask }) => [mask.size, rleArea(mask)])).toEqual([[[10, 20], 12]]);
  const rotated = truthAsResult(truthOf({ ...object, corners: polygon }), options);
  expect(rotated).toMatchObject({ kind: 'rotated-detection', detections: [{ corners: polygon }] });
  const people = truthAsResult(truthOf({ ...object, keypoints: joints }), options);
  const keypoints = [
    { x: 3, y: 4, score: 1 },
    { x: 0, y: 0, score: 0 },
  ];
  expect(people).toMatchObject({ kind: 'keypoints', people: [{ score: 1, box: [1, 2, 5, 7], keypoints }] });
});

test('a task may be asked for, and has only the objects with what it takes', () => {
  const truth = truthOf(object, { ...object, mask: [polygon], corners: polygon });
  expect(truthAsResult(truth, { size, task: 'rotated-detection' }).detections).toHaveLength(1);
  expect(truthAsResult(truth, { size, task: 'instance-segmentation' }).detections).toHaveLength(1);
  expect(truthAsResult(truth, { size, task: 'detection' }).detections).toHaveLength(2);
  expect(() => truthAsResult(truth, { size, task: 'classification' })).toThrow('Expected detection or');
});

test('classes and pixels become their results; pixels of 255 are in no segment', () => {
  const classes = truthAsResult({ kind: 'classes', classIds: [1, 7] }, { size, labels: ['cat', 'dog'] });
  expect(classes.classes).toEqual([
    { classId: 1, label: 'dog', score: 1 },
    { classId: 7, label: '7', score: 1 },
  ]);
  const pixels = { width: 2, height: 2, data: Uint8Array.of(0, 255, 1, 1) };
  const segments = truthAsResult({ kind: 'pixels', pixels }, { size: pixels });
  expect(segments.segments?.map(({ label, area, fraction }) => [label, area, fraction])).toEqual([
    ['1', 2, 0.5],
    ['0', 1, 0.25],
  ]);
});

test.each([
  [{ size: { width: 0, height: 1 } }, 'integer ≥ 1 for size.width'],
  [{ size, labels: 'cat' }, 'array of class names for labels'],
  [{ size, label: [] }, 'did you mean "labels"'],
])('the options %j are refused', (options, message) => {
  expect(() => truthAsResult(truthOf(object), options as never)).toThrow(message);
});

test('faults in files of ground truth have the errors of data sets', async () => {
  const folder = folderWith({ 'a.json': 'text', 'b.json': { images: [] }, 'c.xml': '<annotation/>' });
  writeFileSync(path.join(folder, 'd.png'), 'text');
  const codeOf = (name: string): Promise<unknown> =>
    readGroundTruth(path.join(folder, name)).catch((error: { code?: unknown }) => error.code);
  expect(await Promise.all(['a.json', 'b.json', 'c.xml', 'd.png', 'e.png'].map(codeOf))).toEqual([
    'DATASET_INVALID',
    'DATASET_INVALID',
    'DATASET_INVALID',
    'IMAGE_UNREADABLE',
    'FILE_NOT_FOUND',
  ]);
});
