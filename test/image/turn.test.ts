import { expect, test } from 'vitest';
import type { RgbImage } from '../../src';
import { type QuarterTurns, turnImage, turnPointBack } from '../../src/image/turn';

/** 3×2 pixels with the numbers 1 to 6. */
const image = { width: 3, height: 2, data: Uint8Array.from([1, 2, 3, 4, 5, 6].flatMap((value) => [value, value, 0])) };

function rowsOf({ width, data }: RgbImage): string {
  const values = [...data].filter((_, i) => i % 3 === 0);
  return values.map((value, i) => (i % width === 0 && i > 0 ? `/${value}` : value)).join('');
}

test.each([
  [0, '123/456'],
  [90, '41/52/63'],
  [180, '654/321'],
  [270, '36/25/14'],
] as const)('an image turned clockwise by %s°, and its points turned back', (degrees: QuarterTurns, rows) => {
  const turned = turnImage(image, degrees);
  expect(rowsOf(turned)).toBe(rows);
  for (let y = 0; y < turned.height; y += 1) {
    for (let x = 0; x < turned.width; x += 1) {
      const [fromX, fromY] = turnPointBack([x, y], degrees, image);
      expect(turned.data[3 * (y * turned.width + x)]).toBe(image.data[3 * (fromY * image.width + fromX)]);
    }
  }
});
