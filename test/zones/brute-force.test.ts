import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { createTracker, createZone, type ZonePoint } from '../../src';
import { projectRoot } from '../helpers/project';

interface Seen {
  readonly id: number;
  readonly classId: number;
  readonly box: readonly [number, number, number, number];
}
type Frames = readonly (readonly Seen[])[];

const folder = path.join(projectRoot, 'test/golden/tracking');

/** The objects of a recorded sequence as a tracker follows them. */
function recorded(file: string): Frames {
  const { frames } = JSON.parse(readFileSync(path.join(folder, file), 'utf8')) as { frames: number[][][] };
  const tracker = createTracker('oc-sort', { minBoxArea: 0, verticalRatio: 0 });
  return frames.map((rows) =>
    tracker.update(
      rows.map(([classId = 0, score = 0, x1 = 0, y1 = 0, x2 = 0, y2 = 0]) => {
        return { classId, label: `class ${classId}`, score, box: [x1, y1, x2, y2] as const };
      }),
    ),
  );
}

/** Objects that jump about, so that they cross often, come and vanish anywhere. */
function random(seed: number): Frames {
  let state = seed;
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  return Array.from({ length: 120 }, () => {
    return Array.from({ length: 9 }, (_, id) => id)
      .filter(() => next() < 0.8)
      .map((id): Seen => {
        const [x, y] = [600 * next(), 500 * next()];
        return { id, classId: id % 3, box: [x, y, x + 40 * next(), y + 40 * next()] };
      });
  });
}

const sequences: (readonly [name: string, frames: Frames])[] = [
  ...readdirSync(folder)
    .filter((file) => file !== 'assignments.json')
    .map((file) => [path.parse(file).name, recorded(file)] as const),
  ...[1, 2, 3, 4].map((seed) => [`random ${seed}`, random(seed)] as const),
];

const feet = ({ box: [x1, , x2, y2] }: Seen): ZonePoint => [(x1 + x2) / 2, y2];

/** The places of each object, in order. */
function paths(frames: Frames): { readonly seen: Seen; readonly frame: number }[][] {
  const ids = new Set(frames.flat().map(({ id }) => id));
  return [...ids].map((id) => {
    return frames.flatMap((objects, index) =>
      objects.filter((object) => object.id === id).map((seen) => ({ seen, frame: index + 1 })),
    );
  });
}

/** By the winding of the corners around the point. */
function surrounded([x, y]: ZonePoint, corners: readonly ZonePoint[]): boolean {
  const angles = corners.map(([cornerX, cornerY]) => Math.atan2(cornerY - y, cornerX - x));
  const turns = angles.map((angle, i) => {
    const turn = (angles[(i + 1) % angles.length] as number) - angle;
    return turn > Math.PI ? turn - 2 * Math.PI : turn < -Math.PI ? turn + 2 * Math.PI : turn;
  });
  return Math.abs(turns.reduce((sum, turn) => sum + turn, 0)) > 1;
}

const bowl: ZonePoint[] = [
  [100.25, 80.25],
  [330.25, 150.25],
  [560.25, 60.25],
  [500.25, 460.25],
  [120.25, 430.25],
];

describe.each(sequences)('%s', (_, frames) => {
  test('a line counts what passes from one side to the other between its ends', () => {
    const [from, to]: [ZonePoint, ZonePoint] = [
      [60.25, 240.25],
      [590.25, 210.25],
    ];
    const counts = { in: 0, out: 0 };
    for (const places of paths(frames)) {
      const sides = places.flatMap(({ seen }) => {
        const [x, y] = feet(seen);
        const height = from[1] + ((x - from[0]) / (to[0] - from[0])) * (to[1] - from[1]);
        // How far along the line the point is, by the squares of its distances from the ends.
        const squares = [from, to].map((end) => (end[0] - x) ** 2 + (end[1] - y) ** 2) as [number, number];
        const length = (to[0] - from[0]) ** 2 + (to[1] - from[1]) ** 2;
        return Math.abs(squares[0] - squares[1]) > length ? [] : [y < height ? 'above' : 'below'];
      });
      counts.in += sides.filter((side, i) => side === 'above' && sides[i - 1] === 'below').length;
      counts.out += sides.filter((side, i) => side === 'below' && sides[i - 1] === 'above').length;
    }
    const zone = createZone({ kind: 'line', from, to }, { anchors: ['bottom-center'] });
    for (const objects of frames) zone.update(objects);
    expect({ in: zone.counts.in, out: zone.counts.out }).toEqual(counts);
  });

  test('a polygon counts who comes in and goes out, and how long each stays', () => {
    const counts = { in: 0, out: 0, objects: 0 };
    const stays: { id: number; from: number; to: number; seconds: number; left: boolean }[] = [];
    for (const places of paths(frames)) {
      const inside = places.map(({ seen }) => surrounded(feet(seen), bowl));
      counts.objects += inside.includes(true) ? 1 : 0;
      for (const [i, now] of inside.entries()) {
        if (now && inside[i - 1] === false) counts.in++;
        if (!now && inside[i - 1] === true) counts.out++;
        if (!now || inside[i - 1] === true) continue;
        const leaving = inside.indexOf(false, i);
        const last = leaving === -1 ? inside.length - 1 : leaving - 1;
        const [first, end] = [places[i]!.frame, places[last]!.frame];
        stays.push({
          ...{ id: places[i]!.seen.id, from: first, to: end },
          ...{ seconds: (end - first) / 8, left: leaving !== -1 },
        });
      }
    }
    const zone = createZone({ kind: 'polygon', points: bowl }, { fps: 8 });
    const occupied = frames.map((objects) => zone.update(objects).inside.length);
    expect(zone.counts).toMatchObject({ ...counts, inside: occupied.at(-1) });
    expect(occupied).toEqual(frames.map((objects) => objects.filter((one) => surrounded(feet(one), bowl)).length));
    const order = (a: { id: number; from: number }, b: { id: number; from: number }) => a.from - b.from || a.id - b.id;
    const found = zone.stays.map(({ id, from, to, seconds = 0, left }) => ({ id, from, to, seconds, left }));
    expect(found.sort(order)).toEqual(stays.sort(order));
  });

  test('the counts of the classes add up', () => {
    const zone = createZone({ kind: 'polygon', points: bowl });
    for (const objects of frames) zone.update(objects);
    const { byClass, ...all } = zone.counts;
    for (const name of ['in', 'out', 'objects', 'inside'] as const) {
      expect(byClass.reduce((sum, row) => sum + row[name], 0)).toBe(all[name]);
    }
  });
});

test('the sequences have something to count', () => {
  const total = sequences.map(([, frames]) => {
    const zone = createZone({ kind: 'polygon', points: bowl });
    for (const objects of frames) zone.update(objects);
    return zone.counts.in + zone.counts.out;
  });
  expect(total.filter((count) => count > 0).length).toBeGreaterThan(8);
});
