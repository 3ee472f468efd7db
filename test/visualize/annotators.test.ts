import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { PredictResult } from '../../src/results';
import { annotators } from '../../src/visualize/annotators/registry';
import { type VisualizeOptions, visualize } from '../../src/visualize/visualize';
import { expectPicture } from '../helpers/pictures';
import { detection, detectionResult, instanceResult, labels, paintImage, someDetections } from './scene';

const image = paintImage(320, 240);
const instances = instanceResult(320, 240, someDetections);

async function check(name: string, result: PredictResult, options?: VisualizeOptions): Promise<void> {
  const { width, height } = result.image;
  const picture = await visualize(width === 320 ? image : paintImage(width, height), result, options);
  await expectPicture(picture, path.join(__dirname, 'expected', `${name}.png`));
}

describe('each annotator draws what it drew when the picture was approved', () => {
  for (const name of Object.keys(annotators) as (keyof typeof annotators)[]) {
    it(name, async () => await check(name, instances, { annotators: [name] }));
  }

  it('all, as it comes', async () => await check('default', instances));

  it('all, in the palette of Paddle, with opaque masks and thick lines', async () => {
    await check('paddle', instances, { palette: 'paddle', opacity: 0.7, scale: 1.6 });
  });

  it('all classes, and letters of several scripts', async () => {
    const boxes = labels.map((_, index) =>
      detection(index, 0.99 - index / 10, [
        14 + 150 * (index % 2),
        32 + 52 * (index >> 1),
        114 + 150 * (index % 2),
        56 + 52 * (index >> 1),
      ]),
    );
    await check('scripts', detectionResult(320, 240, boxes));
  });

  it('a crowd', async () => {
    const boxes = Array.from({ length: 14 }, (_, index) => {
      const [x, y] = [(index * 83) % 240, (index * 59) % 170];
      return detection(index % 6, 0.99 - index * 0.03, [x, y, x + 40 + ((index * 31) % 60), y + 36 + (index % 30)]);
    });
    await check('crowd', detectionResult(320, 240, boxes));
  });

  it('a very small image', async () => {
    await check('small', instanceResult(72, 48, [detection(5, 0.98, [8, 6, 60, 44])]));
  });

  it('a large image', async () => {
    const scaled = someDetections.map((item) => {
      const [x1, y1, x2, y2] = item.box;
      return detection(item.classId, item.score, [x1 * 3, y1 * 3, x2 * 3, y2 * 3]);
    });
    await check('large', instanceResult(960, 720, scaled));
  });
});

describe('masks', () => {
  it('tint exactly the pixels of the mask', async () => {
    const result = instanceResult(320, 240, [detection(1, 0.9, [50, 50, 90, 90])]);
    const { data } = await visualize(image, result, { annotators: ['mask'], opacity: 0.5 });
    const at = (x: number, y: number) => Array.from(data.subarray((y * 320 + x) * 3, (y * 320 + x) * 3 + 3));
    const old = image.data.subarray((70 * 320 + 70) * 3, (70 * 320 + 70) * 3 + 3);
    const blend = [230, 159, 0].map((value, index) => Math.round((value + (old[index] ?? 0)) / 2));
    expect(at(70, 70)).toEqual(blend);
    const outside = (49 * 320 + 70) * 3;
    expect(data.subarray(outside, outside + 3)).toEqual(image.data.subarray(outside, outside + 3));
  });

  it('of another size are refused, rather than drawn askew', async () => {
    const small = instanceResult(100, 100, [detection(1, 0.9, [5, 5, 9, 9])]);
    const result = { ...small, image: { width: 320, height: 240 } };
    await expect(visualize(image, result)).rejects.toThrow(
      'Expected masks of 320×240 pixels, the size of the image, for result but received 100×100',
    );
  });
});
