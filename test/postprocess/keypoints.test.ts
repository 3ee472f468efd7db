import { describe, expect, test } from 'vitest';
import { assignRows } from '../../src/postprocess/assignment';
import { readAs, tensor } from '../helpers/postprocess';

const [width, height] = [12, 16];
const peaks = [
  [5.3, 7.8, 0.9],
  [1.2, 3.0, 0.7],
  [10.6, 14.4, 0.5],
  [6.5, 8.5, 0.95],
  [0, 0, 0],
] as const;

/** Blobs with slight structure around them; the last map is below 0 everywhere. */
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

/** The result of `keypoint_postprocess.py` (DARK, with OpenCV 5.0 and numpy) for these maps and a crop of 75×131. */
const expected = [
  [33.6370415687561, 64.75317513942719, 0.8807355761528015],
  [6.75, 34.75, 0.7001689672470093],
  [69.25, 103.5, 0.47022464871406555],
  [41.14551281929016, 69.11697125434875, 0.8582791686058044],
  [0.5, 16.0, -0.10000000149011612],
];

test('joints have subcell positions, equal to the Python script’s', async () => {
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

test('a threshold removes people with a low score', async () => {
  const outputs = [tensor('float32', [1, 5, height, width], heatMaps())];
  expect((await readAs('keypoints', outputs, { threshold: 0.6 })).people).toEqual([]);
});

/**
 * x, y, heat and tag of each person's joints on maps of 64×16; some are missing, and one has too little heat for a
 * candidate.
 */
const crowd = [
  [
    [5, 4, 0.9, 0.1],
    [9, 6, 0.8, 0.2],
    [5, 10, 0.7, 0.15],
    [10, 12, 0.15, 0.1],
  ],
  [
    [30, 3, 0.6, 3.2],
    [33, 8, 0.75, 3.1],
    [28, 11, 0.5, 3.3],
    [35, 13, 0.65, 3.2],
  ],
  [
    [50, 5, 0.55, -2.4],
    [46, 9, 0.5, -2.45],
    [52, 12, 0.85, -2.5],
  ],
  [[], [20, 7, 0.45, 7.3]],
];

/** Heat, tags, and the heat and the cells of the 30 best peaks of each joint, as returned by HigherHRNet. */
function crowdOutputs() {
  const [joints, rows, columns] = [4, 16, 64];
  const cells = rows * columns;
  const heat = new Float32Array(joints * cells);
  const tags = new Float32Array(joints * cells).fill(40);
  for (let i = 0; i < heat.length; i++) {
    const [joint, y, x] = [Math.floor(i / cells), Math.floor((i % cells) / columns), i % columns];
    const ground = 0.001 * ((x * 7 + y * 13 + joint * 5) % 11);
    heat[i] = ground;
    for (const person of crowd) {
      const [px, py, peak, tag] = person[joint] ?? [];
      if (px === undefined) continue;
      const away = (x - px) ** 2 + (y - py!) ** 2;
      heat[i] = Math.max(heat[i]!, peak! * Math.exp(-away / 3) + ground);
      if (Math.abs(x - px) <= 3 && Math.abs(y - py!) <= 3) tags[i] = tag!;
    }
  }
  const isPeak = (i: number): boolean => {
    const [base, y, x] = [Math.floor(i / cells) * cells, Math.floor((i % cells) / columns), i % columns];
    for (let row = Math.max(0, y - 2); row <= Math.min(rows - 1, y + 2); row++) {
      const around = heat.subarray(
        base + row * columns + Math.max(0, x - 2),
        base + row * columns + Math.min(columns, x + 3),
      );
      if (around.some((value) => value > heat[i]!)) return false;
    }
    return true;
  };
  const best = Array.from({ length: joints }, (_, joint) => {
    const peaks = Array.from({ length: cells }, (_, cell) => ({
      cell,
      heat: isPeak(joint * cells + cell) ? heat[joint * cells + cell]! : 0,
    }));
    return peaks.sort((a, b) => b.heat - a.heat || a.cell - b.cell).slice(0, 30);
  }).flat();
  return [
    tensor('float32', [1, joints, rows, columns], [...heat]),
    tensor('float32', [1, joints, rows, columns, 1], [...tags]),
    tensor(
      'float32',
      [1, joints, 30],
      best.map((peak) => peak.heat),
    ),
    tensor(
      'int64',
      [1, joints, 30],
      best.map((peak) => peak.cell),
    ),
  ];
}

/** The result of `HrHRNetPostProcess` of PaddleDetection 2.6 (heat threshold 0.2, as deployed) for these and 90×60. */
const expectedCrowd = [
  {
    score: 0.63125,
    joints: [
      [40.3125, 14.0625, 0.607],
      [51.5625, 30.9375, 0.76],
      [32.8125, 44.0625, 0.508],
      [59.0625, 49.6875, 0.65],
    ],
  },
  {
    score: 0.60575,
    joints: [
      [-53.4375, 15.9375, 0.91],
      [-38.4375, 25.3125, 0.803],
      [-53.4375, 38.4375, 0.71],
      [-34.6875, 45.9375, 0.16],
    ],
  },
  {
    score: 0.4785,
    joints: [
      [115.3125, 21.5625, 0.558],
      [98.4375, 36.5625, 0.504],
      [122.8125, 47.8125, 0.852],
      [-75, 0, 0],
    ],
  },
  {
    score: 0.11375,
    joints: [
      [-75, 0, 0],
      [0.9375, 29.0625, 0.455],
      [-75, 0, 0],
      [-75, 0, 0],
    ],
  },
];

describe('several people at once', () => {
  const options = { image: { width: 90, height: 60 }, spec: { arch: 'HigherHRNet' } };

  test('are grouped by their tags, and missing joints are searched, as in Python', async () => {
    const { people } = await readAs('keypoints', crowdOutputs(), options);
    expect(people).toHaveLength(expectedCrowd.length);
    people.forEach(({ score, keypoints }, i) => {
      expect(score).toBeCloseTo(expectedCrowd[i]!.score, 4);
      expect(keypoints.map(({ x, y, score: heat }) => [x, y, heat])).toEqual(
        expectedCrowd[i]!.joints.map((joint) => joint.map((value) => expect.closeTo(value, 3))),
      );
    });
    expect((await readAs('keypoints', crowdOutputs(), { ...options, threshold: 0.5 })).people).toHaveLength(2);
  });

  test('are not found without heat', async () => {
    const [heat, tags, scores, cells] = crowdOutputs();
    const cold = { ...scores!, data: new Float32Array(scores!.data.length) };
    expect((await readAs('keypoints', [heat!, tags!, cold, cells!], options)).people).toEqual([]);
    await expect(readAs('keypoints', [heat!, tags!], options)).rejects.toMatchObject({ code: 'MODEL_UNSUPPORTED' });
  });
});

test('the cheapest assignment is found', () => {
  let seed = 7;
  const random = (): number => {
    seed = (seed * 16807) % 2147483647;
    return seed / 2147483647;
  };
  const orders = (items: number[]): number[][] =>
    items.length === 0
      ? [[]]
      : items.flatMap((item) => orders(items.filter((other) => other !== item)).map((rest) => [item, ...rest]));
  for (let round = 0; round < 40; round++) {
    const rows = 1 + Math.floor(random() * 4);
    const columns = rows + Math.floor(random() * 3);
    const costs = Array.from({ length: rows }, () =>
      Array.from({ length: columns }, () => Math.round(random() * 900) / 10 - 20),
    );
    const sum = (order: readonly number[]): number => costs.reduce((total, row, i) => total + row[order[i]!]!, 0);
    const least = Math.min(...orders(Array.from({ length: columns }, (_, i) => i)).map(sum));
    const found = assignRows(costs);
    expect(new Set(found).size).toBe(rows);
    expect(sum(found)).toBeCloseTo(least, 9);
  }
  expect(assignRows([])).toEqual([]);
});
