import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { createZone, jupyterDisplay, type MimeBundle, type ZoneOptions, type ZoneShape } from '../../src';
import { parseZone } from '../../src/zones/zone-shape';

const line: ZoneShape = { kind: 'line', from: [0, 50], to: [100, 50] };
const square: ZoneShape = {
  kind: 'polygon',
  points: [
    [20, 20],
    [80, 20],
    [80, 80],
    [20, 80],
  ],
};

/** A box whose bottom centre is at a height. */
const at = (y: number, more: object = {}) => ({
  ...{ trackId: 1, classId: 0, label: 'person', box: [45, y - 4, 55, y] as const },
  ...more,
});

const refused = (message: string) => expect.objectContaining({ code: 'INVALID_ARGUMENT', message });

function crossings(ys: readonly number[], options: ZoneOptions = {}): readonly [number, number] {
  const zone = createZone(line, { anchors: ['bottom-center'], ...options });
  for (const y of ys) zone.update([at(y)]);
  return [zone.counts.in, zone.counts.out];
}

describe('a line', () => {
  test('counts up as in, where it runs from left to right, and down as out', () => {
    expect(crossings([60, 40])).toEqual([1, 0]);
    expect(crossings([40, 60])).toEqual([0, 1]);
    expect(crossings([60, 50, 40])).toEqual([1, 0]);
    expect(crossings([60, 50, 60])).toEqual([0, 0]);
  });

  test('counts a box when all of it has passed', () => {
    const zone = createZone(line);
    expect(zone.update([at(60)])).toEqual({ in: [], out: [] });
    expect(zone.update([at(52)])).toEqual({ in: [], out: [] });
    expect(zone.update([at(49)])).toEqual({ in: [at(49)], out: [] });
  });

  test('does not count what passes beside its ends', () => {
    const zone = createZone({ kind: 'line', from: [60, 50], to: [100, 50] });
    for (const y of [60, 40, 60]) zone.update([at(y)]);
    expect(zone.counts).toEqual({ in: 0, out: 0, byClass: [] });
  });

  test('a box that trembles on the line is counted each time, unless it must stay or go farther', () => {
    const trembling = [60, 49, 51, 49, 51, 49, 40, 40, 40];
    expect(crossings(trembling)).toEqual([3, 2]);
    expect(crossings(trembling, { minFrames: 3 })).toEqual([1, 0]);
    expect(crossings(trembling, { margin: 5 })).toEqual([1, 0]);
  });
});

describe('a polygon', () => {
  test('objects that are first seen inside are counted as objects, not as coming in', () => {
    const zone = createZone(square);
    zone.update([at(50)]);
    expect(zone.counts).toMatchObject({ in: 0, out: 0, objects: 1, inside: 1 });
    zone.update([at(90)]);
    zone.update([at(50)]);
    expect(zone.counts).toMatchObject({ in: 1, out: 1, objects: 1, inside: 1 });
  });

  test('times are those of the frames, and end where the object was last seen inside', () => {
    const zone = createZone(square);
    zone.update([at(10)], { seconds: 3 });
    zone.update([at(50)], { seconds: 3.5 });
    zone.update([], { seconds: 4 });
    zone.update([at(55)], { seconds: 5 });
    expect(zone.update([at(99)], { seconds: 6 }).ended).toEqual([
      { id: 1, classId: 0, label: 'person', from: 2, to: 4, frames: 3, seconds: 1.5, left: true },
    ]);
  });

  test('a stay that must last some frames begins with the first of them', () => {
    const zone = createZone(square, { minFrames: 3 });
    for (const y of [10, 50, 10, 50, 50, 50, 10, 50, 10, 10, 10]) zone.update([at(y)]);
    expect(zone.counts).toMatchObject({ in: 1, out: 1, objects: 1, inside: 0 });
    expect(zone.stays).toMatchObject([{ from: 4, to: 8, frames: 5, left: true }]);
    expect(zone.stays[0]).not.toHaveProperty('seconds');
  });

  test('near its outline nothing changes with a margin', () => {
    const zone = createZone(square, { margin: 5 });
    for (const y of [10, 22, 18, 22, 30, 22, 18, 22]) zone.update([at(y)]);
    expect(zone.counts).toMatchObject({ in: 1, out: 0, inside: 1 });
  });

  test('says of any box whether it is inside', () => {
    const zone = createZone(square);
    expect([at(50, { trackId: undefined }), at(90)].map((object) => zone.contains(object))).toEqual([true, false]);
  });
});

describe.each([line, square])('$kind', (shape) => {
  const update = (objects: object[], options: ZoneOptions = {}) => createZone(shape, options).update(objects as never);

  test('objects without an id are not counted', () => {
    const zone = createZone(shape, { anchors: ['bottom-center'] });
    for (const y of [90, 40, 90, 40])
      zone.update([at(y, { trackId: undefined }), at(y, { trackId: undefined, id: -1 })]);
    expect(zone.counts).toMatchObject({ in: 0, out: 0, byClass: [] });
  });

  test('classes share ids unless they have their own', () => {
    const message =
      'Expected objects with different ids for objects but received two with id 1. If they are of different classes, as from ' +
      'ByteTrack, pass idsPerClass: true';
    expect(() => update([at(40), at(60, { classId: 1 })])).toThrow(refused(message));
    const own = createZone(shape, { idsPerClass: true, anchors: ['bottom-center'] });
    own.update([at(90), at(40, { classId: 1, label: 'car' })]);
    own.update([at(40), at(90, { classId: 1, label: 'car' })]);
    expect(own.counts.byClass).toMatchObject([
      { classId: 0, label: 'person', in: 1, out: 0 },
      { classId: 1, label: 'car', in: 0, out: 1 },
    ]);
    const one = createZone(shape, { anchors: ['bottom-center'] });
    one.update([at(90)]);
    one.update([at(40, { classId: 1, label: 'car' })]);
    expect(one.counts.byClass).toMatchObject([{ classId: 1, label: 'car', in: 1, out: 0 }]);
  });

  test('counts nothing of before a reset', () => {
    const zone = createZone(shape, { anchors: ['bottom-center'] });
    zone.update([at(90)], { seconds: 7 });
    zone.reset();
    zone.update([at(40)], { seconds: 1 });
    expect(zone.counts).toMatchObject({ in: 0, out: 0 });
  });

  test('is shown as a table', () => {
    const zone = createZone(shape, { name: 'door', anchors: ['bottom-center'] });
    zone.update([at(90)]);
    zone.update([at(40)]);
    const { 'text/plain': text, 'text/html': html } = zone[jupyterDisplay]() as MimeBundle;
    expect(text).toMatch(/^door: 1 in, 0 out.* after 2 frames\n.*class +in +out/);
    expect(inspect(zone)).toBe(text);
    expect(html).toContain('person');
  });

  test.each([
    [() => update('three' as never), 'Expected list of objects for objects but received "three" (string)'],
    [() => update([null as never]), 'Expected object with a box for objects[0] but received null'],
    [
      () => update([at(1, { box: [1, 2, Number.NaN, 4] })]),
      'Expected four finite numbers [x1, y1, x2, y2] for objects[0].box but received Array (object)',
    ],
    [() => update([at(1, { trackId: 1.5 })]), 'Expected integer ≥ -1 for objects[0].trackId but received 1.5 (number)'],
    [() => update([], { fps: 0 }), 'Expected number > 0 for fps but received 0 (number)'],
    [() => update([], { anchors: [] }), 'Expected list of one anchor or more for anchors but received Array (object)'],
    [
      () => {
        const zone = createZone(shape);
        zone.update([], { seconds: 2 });
        zone.update([], { seconds: 1 });
      },
      'Expected time from 2, which the frame before had, for seconds but received 1 (number)',
    ],
    [
      () => {
        const zone = createZone(shape);
        zone.update([]);
        zone.update([], { seconds: 1 });
      },
      'Expected time for each frame or for none for seconds but received 1 (number)',
    ],
  ])('refuses what it can not count, %#', (call, message) => {
    expect(call).toThrow(refused(message));
  });

  test('a frame that was refused changes nothing', () => {
    const zone = createZone(shape, { anchors: ['bottom-center'], fps: 1 });
    zone.update([at(90)]);
    expect(() => zone.update([at(40), at(40)])).toThrow();
    zone.update([at(90)]);
    expect(zone.counts).toMatchObject({ in: 0, out: 0 });
  });
});

test.each([
  [{ kind: 'circle' }, 'Expected one of "line", "polygon" for shape.kind but received "circle" (string)'],
  [{ kind: 'line', from: [0, 0] }, 'Expected two finite numbers [x, y] for shape.to but received undefined'],
  [
    { kind: 'line', from: [5, 5], to: [5, 5] },
    'Expected a line between two points that differ for shape but received {"kind":"line","from":[5,5],"to":[5,5]}',
  ],
  [
    { kind: 'polygon', points: [[0, 0]] },
    'Expected list of three points or more for shape.points but received Array (object)',
  ],
])('refuses the shape %j', (shape, message) => {
  expect(() => createZone(shape as ZoneShape)).toThrow(refused(message));
});

test('a misspelt key of a shape is refused', () => {
  const shape = { kind: 'line', from: [0, 0], too: [1, 1] } as unknown as ZoneShape;
  expect(() => createZone(shape)).toThrow(expect.objectContaining({ code: 'UNKNOWN_OPTION' }));
});

describe('the form of a zone in a shell', () => {
  test('has a kind, coordinates and perhaps a name', () => {
    expect(parseZone('line:0,50,100,50')).toEqual({ shape: line });
    expect(parseZone('yard=polygon:20,20,80,20,80,80,20,80')).toEqual({ name: 'yard', shape: square });
  });

  test.each(['line:1,2,3', 'polygon:1,2,3,4', 'polygon:1,2,3,4,5,6,7', 'line:1,2,3,x', 'circle:1,2,3,4', ''])(
    '%j is refused',
    (text) => {
      expect(() => parseZone(text)).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
    },
  );
});
