import { describe, expect, test } from 'vitest';
import { createTracker, type Detection, type Tracker } from '../../src';

const found = (x: number, more: Partial<Detection> = {}): Detection => ({
  ...{ classId: 0, label: 'person', score: 0.9, box: [x, 10, x + 40, 90] },
  ...more,
});

const all: (readonly [name: string, make: () => Tracker])[] = [
  ['bytetrack', () => createTracker('bytetrack')],
  ['oc-sort', () => createTracker('oc-sort')],
  ['bot-sort', () => createTracker('bot-sort')],
];

describe.each(all)('%s', (name, make) => {
  test('keeps the id of an object that moves, with its detection', () => {
    const tracker = make();
    for (let t = 0; t < 10; t++) {
      const detection = { ...found(10 + 3 * t), mask: t };
      expect(tracker.update([detection])).toMatchObject([{ id: 1, label: 'person', classId: 0, detection }]);
    }
    expect(tracker.name).toBe(name);
  });

  test('gives nothing for empty frames, also before the first object', () => {
    const tracker = make();
    expect([tracker.update([]), tracker.update([])]).toEqual([[], []]);
    tracker.update([found(10)]);
    expect(tracker.update([])).toEqual([]);
  });

  test('leaves out detections without area, and goes on', () => {
    const tracker = make();
    const flat = found(0, { box: [5, 5, 5, 90] });
    expect(tracker.update([flat, found(10)])).toMatchObject([{ id: 1, detection: found(10) }]);
    expect(tracker.update([flat, found(12)])).toMatchObject([{ id: 1 }]);
  });

  test('begins with id 1 again after a reset', () => {
    const tracker = make();
    tracker.update([found(10), found(400)]);
    tracker.reset();
    expect(tracker.update([found(800)]).map(({ id }) => id)).toEqual([1]);
  });

  test('shares no ids with another tracker', () => {
    const [first, second] = [make(), make()];
    first.update([found(10), found(400)]);
    expect(second.update([found(10)]).map(({ id }) => id)).toEqual([1]);
  });

  test.each([
    ['three', 'Expected list of detections for detections but received "three" (string)'],
    [[null], 'Expected detection for detections[0] but received null'],
    [
      [found(0, { box: [0, 0, Number.NaN, 1] })],
      'Expected four finite numbers [x1, y1, x2, y2] for detections[0].box but received Array (object)',
    ],
    [[found(0, { score: 2 })], 'Expected number from 0 to 1 for detections[0].score but received 2 (number)'],
    [[found(0, { classId: -1 })], 'Expected integer ≥ 0 for detections[0].classId but received -1 (number)'],
  ])('refuses %j', (detections, message) => {
    const error = expect.objectContaining({ code: 'INVALID_ARGUMENT', message });
    expect(() => make().update(detections as Detection[])).toThrow(error);
  });
});

test('ByteTrack numbers the objects of each class by themselves', () => {
  const tracker = createTracker('bytetrack');
  const ids = tracker.update([found(10, { classId: 7 }), found(10, { classId: 2 }), found(400, { classId: 2 })]);
  expect(ids.map(({ classId, id }) => [classId, id])).toEqual([
    [2, 1],
    [2, 2],
    [7, 1],
  ]);
});

test('objects that are too small or too wide are tracked, but not given out', () => {
  const wide = found(10, { box: [0, 0, 100, 40] });
  expect(createTracker('bytetrack', { verticalRatio: 1.6 }).update([wide, found(300)])).toMatchObject([{ id: 2 }]);
  expect(createTracker('oc-sort', { minBoxArea: 3500 }).update([wide, found(300)])).toMatchObject([{ id: 1 }]);
  expect(createTracker('bot-sort', { minBoxArea: 4000 }).update([wide, found(300)])).toEqual([]);
});

test('another name, a wrong value and camera motion are refused with the reason', () => {
  const refused = (message: RegExp) =>
    expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringMatching(message) });
  expect(() => createTracker('sort' as 'oc-sort')).toThrow(refused(/bytetrack.+oc-sort.+bot-sort/));
  expect(() => createTracker('oc-sort', { maxAge: -1 })).toThrow(refused(/^Expected integer ≥ 0 for maxAge/));
  expect(() => createTracker('bot-sort', { cameraMotion: true })).toThrow(refused(/OpenCV/));
  expect(createTracker('bot-sort', { cameraMotion: false }).update([found(1)])).toHaveLength(1);
});
