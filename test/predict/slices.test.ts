import { describe, expect, test } from 'vitest';
import type { SliceSettings } from '../../src/predict/slice-settings';
import { suppressSlices, windowsOf } from '../../src/predict/slices';
import type { Detection } from '../../src/results';

const settings: SliceSettings = {
  size: [640, 640],
  overlap: [0.25, 0.25],
  combine: 'nms',
  metric: 'ios',
  threshold: 0.6,
};

describe('windows of a large image', () => {
  test('overlap as requested, and the last ones are moved inside', () => {
    const windows = windowsOf({ width: 1500, height: 800 }, settings);
    // The step is 640 − trunc(640 · 0.25) = 480.
    expect(windows.map(({ left, top }) => [left, top])).toEqual([
      ...[0, 480, 860].map((left) => [left, 0]),
      ...[0, 480, 860].map((left) => [left, 160]),
    ]);
    expect(windows.every(({ width, height }) => width === 640 && height === 640)).toBe(true);
  });

  test('of a small image is the image', () => {
    expect(windowsOf({ width: 300, height: 640 }, settings)).toEqual([{ left: 0, top: 0, width: 300, height: 640 }]);
  });
});

describe('an object in two windows', () => {
  const row = (classId: number, score: number, ...box: [number, number, number, number]): Detection => ({
    ...{ classId, label: `${classId}`, score, box },
  });
  // The second is inside the first: 51 · 51 of 101 · 101 pixels of the first are shared, and all of the second.
  const [whole, part, other] = [row(0, 0.9, 0, 0, 100, 100), row(0, 0.8, 0, 0, 50, 50), row(1, 0.7, 0, 0, 50, 50)];

  test('is one object if it matches the smaller one, class by class, and the order is kept', () => {
    expect(suppressSlices([part, other, whole], settings)).toEqual([other, whole]);
    expect(suppressSlices([part, other, whole], { metric: 'iou', threshold: 0.6 })).toEqual([part, other, whole]);
    expect(suppressSlices([part, whole], { metric: 'iou', threshold: (51 * 51) / (101 * 101) })).toEqual([whole]);
  });
});
