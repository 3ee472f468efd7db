import { crc32 } from 'node:zlib';
import { expect, test } from 'vitest';
import { loadBinding } from '../../src/native/binding';

/** A picture whose pixels follow a formula: v(y, x, c) = (37y + 59x + 83c + 11xy) mod 256. */
function testImage(height: number, width: number): Uint8Array {
  const data = new Uint8Array(height * width * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let c = 0; c < 3; c++) data[(y * width + x) * 3 + c] = (37 * y + 59 * x + 83 * c + 11 * x * y) % 256;
    }
  }
  return data;
}

const names = ['nearest', 'linear', 'cubic', 'area', 'lanczos4'];

// [source h, w, target h, w, interpolation, factor (0: called with a size), CRC-32 of OpenCV's result]
const cases: [number, number, number, number, number, number, string][] = [
  [37, 53, 64, 64, 0, 0, '4926bc96'],
  [37, 53, 64, 64, 1, 0, '8ba351ba'],
  [37, 53, 64, 64, 2, 0, '899b90d4'],
  [37, 53, 64, 64, 3, 0, '1038969e'],
  [37, 53, 64, 64, 4, 0, 'dd985d62'],
  [37, 53, 15, 20, 0, 0, '49370834'],
  [37, 53, 15, 20, 1, 0, '7381e40d'],
  [37, 53, 15, 20, 2, 0, 'ec007507'],
  [37, 53, 15, 20, 3, 0, '8e0b2c17'],
  [37, 53, 15, 20, 4, 0, '24375377'],
  [38, 54, 19, 27, 1, 0, '90f3f8aa'],
  [37, 53, 48, 69, 1, 1.3, '22293cf3'],
  [37, 53, 48, 69, 1, 0, '9b22b2a5'],
  [37, 53, 26, 37, 2, 0.7, '02b56e58'],
];

test.each(cases)('resizing %i×%i to %i×%i, interpolation %i, factor %f, is OpenCV to the bit', async (...row) => {
  const [sourceHeight, sourceWidth, height, width, interpolation, factor, crc] = row;
  const stepX = factor === 0 ? 1 / (width / sourceWidth) : 1 / factor;
  const stepY = factor === 0 ? 1 / (height / sourceHeight) : 1 / factor;
  const spec = { sourceWidth, sourceHeight, channels: 3, width, height, stepX, stepY, interpolation };
  const resized = await loadBinding().resizeImage(testImage(sourceHeight, sourceWidth), spec);
  expect(names[interpolation] + crc32(resized).toString(16).padStart(8, '0')).toBe(names[interpolation] + crc);
});
