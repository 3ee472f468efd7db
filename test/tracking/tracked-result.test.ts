import { expect, test } from 'vitest';
import { createTracker, type DetectionResult, toMot, visualize } from '../../src';
import { taskOf } from '../../src/tasks/tasks';
import { trackedResult } from '../../src/tracking/tracked-result';
import { detection, detectionResult, paintImage } from '../visualize/scene';

/** Two objects that move to the right, and a third that is too uncertain to be tracked. */
const frame = (t: number): DetectionResult =>
  detectionResult(320, 180, [
    detection(0, 0.95, [10 + 4 * t, 20, 60 + 4 * t, 120]),
    detection(1, 0.05, [5, 5, 9, 9]),
    detection(0, 0.8, [200 + t, 20, 240 + t, 120]),
  ]);

function follow(frames: number): DetectionResult[] {
  const tracker = createTracker('oc-sort', { minHits: 1 });
  return Array.from({ length: frames }, (_, t) => trackedResult(tracker, frame(t)));
}

test('a result has only the tracked objects, with their numbers and the name of the tracker', () => {
  for (const { tracker, detections } of follow(5)) {
    expect(tracker).toBe('oc-sort');
    expect(detections.map(({ trackId }) => trackId).toSorted()).toEqual([1, 2]);
    expect(detections[0]?.score).toBeCloseTo(0.95, 5);
  }
});

test('its table and its CSV have the numbers, and the CSV of a frame without objects has the same columns', () => {
  const [result] = follow(1) as [DetectionResult];
  const { table, csv } = taskOf(result);
  const ids = result.detections.map(({ trackId }) => trackId);
  expect(table(result).columns.map((column) => (typeof column === 'string' ? column : column.title))).toEqual([
    '',
    'class',
    'track',
    'score',
    'x1',
    'y1',
    'x2',
    'y2',
  ]);
  expect(table(result).rows.map((row) => row[2])).toEqual(ids.map((id) => `#${id}`));
  expect(csv(result).columns.at(-1)).toBe('track_id');
  expect(csv(result).rows.map((row) => row.at(-1))).toEqual(ids);
  expect(csv({ ...result, detections: [] }).columns).toEqual(csv(result).columns);
  expect(csv(frame(0)).columns).not.toContain('track_id');
});

test('its detections are written as MOTChallenge text; those without a number have -1', () => {
  const [result] = follow(1) as [DetectionResult];
  const ids = (text: string) =>
    text
      .trim()
      .split('\n')
      .map((line) => Number(line.split(',')[1]));
  expect(ids(toMot([result.detections]))).toEqual(result.detections.map(({ trackId }) => trackId));
  expect(ids(toMot([frame(0).detections]))).toEqual([-1, -1, -1]);
});

test('labels show the numbers', async () => {
  const image = paintImage(320, 180);
  const [first] = follow(1) as [DetectionResult];
  const other = { ...first, detections: first.detections.map((item) => ({ ...item, trackId: 88 })) };
  const [a, b, again] = await Promise.all([first, other, first].map((result) => visualize(image, result)));
  expect(Buffer.from(a!.data).equals(Buffer.from(again!.data))).toBe(true);
  expect(Buffer.from(a!.data).equals(Buffer.from(b!.data))).toBe(false);
});
