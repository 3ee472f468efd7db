import { crc32 } from 'node:zlib';
import { expect, test } from 'vitest';
import { runGeometry } from '../helpers/passes';

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

test.each(cases)('resizing %i×%i to %i×%i, interpolation %i, factor %f, is bit-identical to OpenCV', async (...row) => {
  const [sourceHeight, sourceWidth, height, width, interpolation, factor, crc] = row;
  const stepX = factor === 0 ? 1 / (width / sourceWidth) : 1 / factor;
  const stepY = factor === 0 ? 1 / (height / sourceHeight) : 1 / factor;
  const source = {
    data: testImage(sourceHeight, sourceWidth),
    width: sourceWidth,
    height: sourceHeight,
    channels: 3,
  };
  const resized = await runGeometry(source, { kind: 'resize', width, height, stepX, stepY, interpolation });
  expect(
    names[interpolation] +
      crc32(resized as Uint8Array)
        .toString(16)
        .padStart(8, '0'),
  ).toBe(names[interpolation] + crc);
});

test('resizing float32 matches OpenCV within 5e-5', async () => {
  const source = { data: Float32Array.from(testImage(37, 53)), width: 53, height: 37, channels: 3 };
  const [stepX, stepY] = [53 / 64, 37 / 64];
  const resized = await runGeometry(source, { kind: 'resize', width: 64, height: 64, stepX, stepY, interpolation: 1 });
  expect((resized as Float32Array).reduce((sum, value) => sum + value, 0)).toBeCloseTo(1571089.53125, 0);
  const pixel = [139.163879, 127.804504, 180.445129];
  pixel.forEach((value, c) => {
    expect(Math.abs((resized[(3 * 64 + 4) * 3 + c] as number) - value)).toBeLessThan(5e-5);
  });
});

const pillowCases: [string, number, string][] = [
  ['bilinear', 2, '0574291a'],
  ['bicubic', 3, '6c337b8f'],
  ['lanczos', 1, '40ee2580'],
  ['box', 4, '9f3814fb'],
  ['hamming', 5, 'cfc2fa5b'],
];

test.each(pillowCases)('resizing with filter %s is bit-identical to Pillow', async (_, filter, crc) => {
  const source = { data: testImage(37, 53), width: 53, height: 37, channels: 3 };
  const resized = await runGeometry(source, { kind: 'pillow', width: 64, height: 48, filter });
  expect(
    crc32(resized as Uint8Array)
      .toString(16)
      .padStart(8, '0'),
  ).toBe(crc);
});
