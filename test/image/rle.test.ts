import { describe, expect, it } from 'vitest';
import { type Bitmap, decodeRle, encodeRle, rleArea } from '../../src/image/rle';

function bitmap(width: number, height: number, inside: (x: number, y: number) => boolean): Bitmap {
  const data = Uint8Array.from({ length: width * height }, (_, index) =>
    Number(inside(index % width, Math.floor(index / width))),
  );
  return { width, height, data };
}

/** Three rows by three columns, and one separate pixel. */
const example = bitmap(8, 6, (x, y) => (y >= 1 && y <= 3 && x >= 2 && x <= 4) || (y === 4 && x === 6));

/** The output of pycocotools. */
const goldens: [string, Bitmap, string, number][] = [
  ['all ones', bitmap(2, 2, () => true), '04', 4],
  ['all zeros', bitmap(2, 2, () => false), '4', 0],
  ['a block and a pixel', example, '=330009NK', 10],
];

describe('run-length masks', () => {
  for (const [name, mask, counts, area] of goldens) {
    it(`are pycocotools’: ${name}`, () => {
      const encoded = encodeRle(mask);
      expect(encoded).toEqual({ size: [mask.height, mask.width], counts });
      expect(decodeRle(encoded)).toEqual(mask);
      expect(rleArea(encoded)).toBe(area);
    });
  }

  it('survive a round trip, for runs of any length', () => {
    let seed = 7;
    const random = (): number => {
      seed = (seed * 16807) % 2147483647;
      return seed / 2147483647;
    };
    for (const [width, height, density] of [
      [1, 1, 1],
      [1, 9, 0.5],
      [9, 1, 0.5],
      [37, 23, 0.02],
      [300, 200, 0.001],
    ] as const) {
      const mask = bitmap(width, height, () => random() < density);
      const encoded = encodeRle(mask);
      expect(decodeRle(encoded)).toEqual(mask);
      expect(rleArea(encoded)).toBe(mask.data.reduce((sum, value) => sum + value, 0));
    }
  });

  it('treat any non-zero value as inside, and accept plain arrays', () => {
    expect(encodeRle({ width: 2, height: 2, data: [255, 2, 1, 0.5] }).counts).toBe('04');
    expect(encodeRle({ width: 2, height: 1, data: [0, 7] }).counts).toBe('11');
  });

  it('work for large images', () => {
    const mask = bitmap(2000, 1500, (x) => x >= 1000);
    const encoded = encodeRle(mask);
    expect(rleArea(encoded)).toBe(1_500_000);
    expect(encoded.counts.length).toBeLessThan(12);
    expect(Buffer.compare(decodeRle(encoded).data, mask.data)).toBe(0);
  });
});
