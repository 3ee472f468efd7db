import { expect, test } from 'vitest';
import { personCrop } from '../../src/objects/person-crop';

/** By `expand_crop` of PaddleDetection 2.6's deploy scripts, in an image of 640×480. */
const crops = [
  [
    [100, 50, 180, 260],
    [37, 18, 205, 273],
  ],
  [
    [0, 0, 40, 30],
    [0, 0, 46, 34],
  ],
  [
    [600.7, 400.2, 639.9, 479.5],
    [580, 388, 59, 91],
  ],
  [
    [10.5, 10.5, 300.2, 60.9],
    [0, 2, 343, 65],
  ],
] as const;

test.each(crops)('a person at %j is cropped as in PaddleDetection', ([x1, y1, x2, y2], [left, top, width, height]) => {
  const image = { width: 640, height: 480 };
  expect(personCrop([x1, y1, x2, y2], image)).toEqual({ left, top, width, height });
});

test('a box outside of the image has no crop', () => {
  expect(personCrop([700, 10, 720, 30], { width: 640, height: 480 })).toBeUndefined();
});
