import { expect, test } from 'vitest';
import { readAs, tensor } from '../helpers/postprocess';

const [width, height] = [12, 16];
const peaks = [
  [5.3, 7.8, 0.9],
  [1.2, 3.0, 0.7],
  [10.6, 14.4, 0.5],
  [6.5, 8.5, 0.95],
  [0, 0, 0],
] as const;

/** Blobs with a little structure around them; the last map is below 0 everywhere. */
function heatMaps(): number[] {
  return peaks.flatMap(([x, y, score], k) =>
    Array.from({ length: width * height }, (_, i) => {
      const [column, row] = [i % width, Math.floor(i / width)];
      if (score === 0) return -0.1;
      const blob = score * Math.exp(-((column - x) ** 2 + (row - y) ** 2) / 4.5);
      return blob + (0.01 * ((column * 7 + row * 13 + k * 5) % 11)) / 11;
    }),
  );
}

/** What `keypoint_postprocess.py` (DARK, with OpenCV 5.0 and numpy) makes of these maps for a crop of 75×131. */
const expected = [
  [33.6370415687561, 64.75317513942719, 0.8807355761528015],
  [6.75, 34.75, 0.7001689672470093],
  [69.25, 103.5, 0.47022464871406555],
  [41.14551281929016, 69.11697125434875, 0.8582791686058044],
  [0.5, 16.0, -0.10000000149011612],
];

test('joints are between the cells of the maps, where the Python script finds them', async () => {
  const outputs = [tensor('float32', [1, 5, height, width], heatMaps()), tensor('int64', [1, 5], [0, 0, 0, 0, 0])];
  const { people, threshold } = await readAs('keypoints', outputs, { image: { width: 75, height: 131 } });
  expect(threshold).toBe(0);
  expect(people).toHaveLength(1);
  expect(people[0]!.box).toEqual([0, 0, 75, 131]);
  expect(people[0]!.score).toBeCloseTo(0.5618816614151001, 6);
  people[0]!.keypoints.forEach(({ x, y, score }, i) => {
    const [expectedX, expectedY, expectedScore] = expected[i] as [number, number, number];
    expect(Math.abs(x - expectedX)).toBeLessThan(1e-3);
    expect(Math.abs(y - expectedY)).toBeLessThan(1e-3);
    expect(score).toBeCloseTo(expectedScore, 6);
  });
});

test('a threshold leaves out who is not sure enough', async () => {
  const outputs = [tensor('float32', [1, 5, height, width], heatMaps())];
  expect((await readAs('keypoints', outputs, { threshold: 0.6 })).people).toEqual([]);
});
