import { describe, expect, test } from 'vitest';
import { cropQuads, type Quad, quadSize } from '../../src/image/crop-quads';
import { smallestQuads } from '../../src/image/smallest-quads';
import { compareCrops, drawCropJobs } from '../helpers/crop-jobs';
import { makeFolder } from '../helpers/folders';
import { randomNumbers } from '../helpers/kernel-properties';
import { ensureOpenCv } from '../helpers/opencv';

const python = ensureOpenCv();

/** Whether its smallest rectangle has pixels, whatever its fractions are. */
function isLarge(quad: Quad): boolean {
  const [box] = smallestQuads([quad]);
  const { width, height } = quadSize(box as Quad);
  return width >= 2 && height >= 2;
}

describe('crops of quadrangles', () => {
  test.skipIf(python === undefined)('equal those of OpenCV to the bit', { timeout: 120_000 }, async () => {
    const jobs = drawCropJobs(randomNumbers(3), 40, 12);
    const { crops, pixels, different } = await compareCrops(python as string, makeFolder(), jobs);
    expect(different).toEqual([]);
    expect(crops).toBeGreaterThan(400);
    expect(pixels).toBeGreaterThan(500_000);
  });

  test.skipIf(python === undefined)(
    'of smallest rectangles, too, as PaddleX cuts out',
    { timeout: 120_000 },
    async () => {
      const jobs = drawCropJobs(randomNumbers(4), 40, 12).map((job) => ({ ...job, quads: job.quads.filter(isLarge) }));
      const { crops, different } = await compareCrops(python as string, makeFolder(), jobs, true);
      expect(different).toEqual([]);
      expect(crops).toBeGreaterThan(200);
    },
  );

  const image = { width: 30, height: 20, data: new Uint8Array(30 * 20 * 3).map((_, i) => (i * 37) % 251) };
  const upright = [
    [2, 3],
    [8, 3],
    [8, 7],
    [2, 7],
  ] as const;

  test('an upright rectangle is cut out as it is', async () => {
    const [crop] = await cropQuads(image, [upright]);
    expect(crop).toMatchObject({ width: 6, height: 4 });
    const row = image.data.subarray((3 * 30 + 2) * 3, (3 * 30 + 8) * 3);
    const differences = Array.from(row, (value, i) => Math.abs(value - (crop?.data[i] ?? 0)));
    expect(Math.max(...differences)).toBeLessThanOrEqual(1);
  });

  test('a crop at least 1.5 times as high as wide is turned to the left', async () => {
    const tall = [
      [2, 3],
      [8, 3],
      [8, 12],
      [2, 12],
    ] as const;
    const [crop] = await cropQuads(image, [tall]);
    expect(crop).toMatchObject({ width: 9, height: 6 });
    // The upper right corner is now the upper left one.
    const corner = image.data.subarray((3 * 30 + 7) * 3, (3 * 30 + 8) * 3);
    expect(Array.from(crop?.data.subarray(0, 3) ?? [], (value, i) => Math.abs(value - (corner[i] ?? 0)) <= 1)).toEqual([
      ...[true, true, true],
    ]);
    expect(quadSize(tall)).toEqual({ width: 6, height: 9 });
  });

  test('no quadrangles give no crops', async () => {
    expect(await cropQuads(image, [])).toEqual([]);
  });

  test('what is no quadrangle with pixels is refused, with its place in the list', async () => {
    const flat = upright.map(([x]) => [x, 3] as const);
    const refused = (quads: unknown): Promise<unknown> => cropQuads(image, quads as never).catch((error) => error);
    expect(await refused([upright, flat])).toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: 'Expected quadrangle of at least 1×1 and at most 2²⁶ pixels for quads[1] but received "6×0" (string)',
    });
    for (const wrong of [upright.slice(1), [...upright, [1, 2]], [[Number.NaN, 1], ...upright.slice(1)], 'x', [[]]]) {
      expect(await refused([wrong])).toMatchObject({
        code: 'INVALID_ARGUMENT',
        message: expect.stringContaining('Expected four corners [x, y] for quads[0]'),
      });
    }
    const huge = upright.map(([x, y]) => [x * 1e5, y * 1e5] as const);
    expect(await refused([huge])).toMatchObject({ code: 'INVALID_ARGUMENT' });
    expect(await refused(3)).toMatchObject({ code: 'INVALID_ARGUMENT' });
  });
});
