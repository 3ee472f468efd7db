import { describe, expect, test } from 'vitest';
import {
  createSmoother,
  createZone,
  decodeRle,
  encodeRle,
  filterObjects,
  type InstanceDetection,
  masks,
  mergeObjects,
  nms,
  type RleMask,
} from '../../src';

const image = { width: 60, height: 40 };
const found = (score: number, box: InstanceDetection['box'], more: Partial<InstanceDetection> = {}) => ({
  ...{ classId: 0, label: 'person', score, box, mask: masks.fromBox(box, image) },
  ...more,
});

const invalid = (message: string | RegExp) =>
  expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringMatching(message) });

describe('filterObjects', () => {
  const small = found(0.4, [0, 0, 4, 4]);
  const large = found(0.8, [10, 10, 40, 30], { classId: 2, label: 'car' });
  const holed = found(0.6, [10, 10, 40, 30], { mask: masks.fromBox([10, 10, 12, 12], image) });
  const all = [large, small, holed];

  test.each([
    [{}, all],
    [{ classes: ['person'] }, [small, holed]],
    [{ classes: [2] }, [large]],
    [{ classes: ['bus'] }, []],
    [{ minScore: 0.6 }, [large, holed]],
    [{ maxScore: 0.6 }, [small, holed]],
    [{ minArea: 16 }, [large, small]],
    [{ maxArea: 16 }, [small, holed]],
    [{ minArea: 5, classes: ['person'], minScore: 0.3 }, [small]],
  ])('%j', (options, expected) => {
    expect(filterObjects(all, options)).toEqual(expected);
  });

  test('keeps what stands in a zone', () => {
    const points = [
      [0, 0],
      [20, 0],
      [20, 20],
      [0, 20],
    ] as const;
    expect(filterObjects(all, { zone: createZone({ kind: 'polygon', points }) })).toEqual([small]);
    expect(filterObjects(all, { zone: createZone({ kind: 'polygon', points }, { anchors: ['top-left'] }) })).toEqual(
      all,
    );
  });

  test.each([
    [{ classes: 'person' }, /^Expected list of names or numbers of classes for classes but received "person"/],
    [{ classes: [-1] }, /^Expected name or number of a class for classes\[0\]/],
    [{ minScore: 2 }, /^Expected number from 0 to 1 for minScore/],
    [{ zone: createZone({ kind: 'line', from: [0, 0], to: [1, 1] }) }, /^Expected polygon of createZone for zone/],
  ])('refuses %#', (options, message) => {
    expect(() => filterObjects(all, options as never)).toThrow(invalid(message));
  });
});

describe('nms and mergeObjects', () => {
  const [whole, part, other] = [
    found(0.9, [0, 0, 20, 20]),
    found(0.8, [10, 0, 30, 20]),
    found(0.7, [10, 0, 30, 20], { classId: 1 }),
  ];

  test('by masks, what overlaps only by its box is kept', () => {
    const thin = found(0.5, [0, 0, 20, 20], { mask: masks.fromBox([0, 0, 20, 2], image) });
    expect(nms([whole, thin])).toEqual([whole]);
    expect(nms([whole, thin], { by: 'mask' })).toEqual([whole, thin]);
    expect(nms([whole, thin], { by: 'mask', metric: 'ios' })).toEqual([whole]);
  });

  test('a merged object has the box and the mask of all', () => {
    expect(mergeObjects([part, other, whole], { threshold: 0.3 })).toEqual([found(0.9, [0, 0, 30, 20]), other]);
    expect(mergeObjects([part, other, whole], { threshold: 0.3, classAgnostic: true })).toHaveLength(1);
  });

  test('what a removed object overlaps is not removed by it', () => {
    const chain = [found(0.9, [0, 0, 10, 10]), found(0.8, [6, 0, 16, 10]), found(0.7, [12, 0, 22, 10])];
    expect(nms(chain, { threshold: 0.2 })).toEqual([chain[0], chain[2]]);
  });

  test('refuse objects without masks, and masks of several images', () => {
    const bare = { ...part, mask: undefined };
    expect(() => nms([whole, bare] as never, { by: 'mask' })).toThrow(
      invalid(/^Expected mask with size and counts for objects\[1\]\.mask but received undefined/),
    );
    const foreign = found(0.5, [0, 0, 1, 1], { mask: masks.fromBox([0, 0, 1, 1], { width: 9, height: 9 }) });
    expect(() => nms([whole, foreign], { by: 'mask' })).toThrow(
      invalid(/^Expected masks of one image but received 60×40/),
    );
    expect(() => mergeObjects([whole, foreign], { threshold: 0 })).toThrow(invalid(/^Expected masks of one image/));
  });
});

describe('createSmoother', () => {
  const at = (x: number, more: object = {}) => ({ ...found(0.5, [x, 0, x + 10, 10]), trackId: 1, ...more });

  test('averages over the last frames in which the object was there', () => {
    const smoother = createSmoother({ frames: 3 });
    const left = (objects: ReturnType<typeof at>[]) => smoother.update(objects).map(({ box }) => box[0]);
    expect([left([at(0)]), left([at(6)]), left([]), left([at(12)]), left([at(12)])]).toEqual([[0], [3], [], [9], [12]]);
    smoother.reset();
    expect(left([at(30)])).toEqual([30]);
  });

  test('leaves objects without an id as they are', () => {
    const smoother = createSmoother();
    smoother.update([at(0, { trackId: undefined })]);
    expect(smoother.update([at(10, { trackId: undefined }), at(20, { trackId: -1 })]).map(({ box }) => box[0])).toEqual(
      [10, 20],
    );
  });
});

describe('masks', () => {
  test('of boxes have the pixels whose centres are inside', () => {
    const box = [2.4, 1.6, 5.5, 9] as const;
    const mask = masks.fromBox(box, { width: 8, height: 6 });
    const data = Uint8Array.from({ length: 48 }, (_, i) => {
      const [x, y] = [(i % 8) + 0.5, Math.floor(i / 8) + 0.5];
      return Number(x >= box[0] && x < box[2] && y >= box[1] && y < box[3]);
    });
    expect(decodeRle(mask)).toEqual({ width: 8, height: 6, data });
    expect(mask).toEqual(encodeRle({ width: 8, height: 6, data }));
    for (const outside of [
      [9, 0, 12, 5],
      [-5, -5, 0, 0],
      [3, 3, 3, 3],
      [5, 5, 1, 1],
    ] as const) {
      expect(masks.area(masks.fromBox(outside, { width: 8, height: 6 }))).toBe(0);
    }
    expect(masks.fromBox([-9, -9, 99, 99], { width: 8, height: 6 })).toEqual(
      encodeRle({ width: 8, height: 6, data: new Uint8Array(48).fill(1) }),
    );
  });

  test('several are joined at once', () => {
    const part = (x: number) => masks.fromBox([x, 0, x + 10, 10], image);
    expect(masks.box(masks.or(part(0), part(20), part(40)))).toEqual([0, 0, 50, 10]);
    expect(masks.area(masks.and(part(0), part(4), part(8)))).toBe(20);
    expect(masks.area(masks.minus(part(0), part(8), part(-8)))).toBe(60);
    expect(masks.iou(part(0), part(0))).toBe(1);
  });

  test.each([
    [undefined, /^Expected mask with size and counts for mask but received undefined/],
    [{ size: [2, 2], counts: [0, 4] }, /^Expected mask with size and counts for mask/],
    [{ size: [40, 60], counts: '0' }, /^Expected runs of 2400 pixels for mask, which is 60×40, but received runs of 0/],
  ])('refuses %j', (mask, message) => {
    expect(() => masks.area(mask as unknown as RleMask)).toThrow(invalid(message));
  });
});
