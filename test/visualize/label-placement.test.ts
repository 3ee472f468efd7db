import { describe, expect, it } from 'vitest';
import { overlapArea, type Rectangle } from '../../src/drawing/geometry';
import { placeLabel } from '../../src/drawing/label-placement';

const image = { width: 200, height: 120 };
const label = { width: 60, height: 16 };
const rect = (left: number, top: number, width: number, height: number): Rectangle => ({ left, top, width, height });

function inside({ left, top, width, height }: Rectangle): boolean {
  return left >= 0 && top >= 0 && left + width <= image.width && top + height <= image.height;
}

describe('a label', () => {
  it('is placed on its box if there is room', () => {
    expect(placeLabel(rect(50, 50, 80, 40), label, image, [])).toEqual(rect(50, 34, 60, 16));
  });

  it('goes inside a large box and below a small one at the top of the image', () => {
    expect(placeLabel(rect(50, 0, 80, 90), label, image, [])).toEqual(rect(50, 0, 60, 16));
    expect(placeLabel(rect(50, 0, 30, 20), label, image, [])).toEqual(rect(50, 20, 60, 16));
  });

  it('stays inside the image at every border and corner', () => {
    for (const left of [0, 5, 70, 180, 199]) {
      for (const top of [0, 5, 50, 110, 119]) {
        for (const [width, height] of [
          [1, 1],
          [20, 10],
          [200, 120],
        ] as const) {
          const anchor = rect(left, top, Math.min(width, 200 - left), Math.min(height, 120 - top));
          expect(inside(placeLabel(anchor, label, image, []))).toBe(true);
          expect(inside(placeLabel(anchor, { width: 200, height: 120 }, image, []))).toBe(true);
        }
      }
    }
  });

  it('avoids earlier labels while a position at its box is free', () => {
    const placed: Rectangle[] = [];
    for (let index = 0; index < 5; index++) placed.push(placeLabel(rect(60, 40, 70, 50), label, image, placed));
    for (const [index, one] of placed.entries()) {
      expect(inside(one)).toBe(true);
      for (const other of placed.slice(index + 1)) expect(overlapArea(one, other)).toBe(0);
    }
  });

  it('is placed with the smallest overlap if no position is free, deterministically', () => {
    const placed = [rect(0, 0, 200, 60), rect(0, 60, 200, 52)];
    const spot = placeLabel(rect(40, 90, 70, 20), label, image, placed);
    expect(inside(spot)).toBe(true);
    expect(placeLabel(rect(40, 90, 70, 20), label, image, placed)).toEqual(spot);
  });
});
