import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { PredictResult } from '../../src/results';
import { type VisualizeOptions, visualize } from '../../src/visualize/visualize';
import { expectPicture } from '../helpers/pictures';
import {
  bump,
  classes,
  detection,
  detectionResult,
  instanceResult,
  labels,
  paintImage,
  people,
  segmentation,
  someDetections,
} from './scene';

const image = paintImage(320, 240);
const instances = instanceResult(320, 240, someDetections);

async function check(name: string, result: PredictResult, options?: VisualizeOptions): Promise<void> {
  const { width, height } = result.image;
  const picture = await visualize(width === 320 ? image : paintImage(width, height), result, options);
  await expectPicture(picture, path.join(__dirname, 'expected', `${name}.png`));
}

describe('each annotator draws the approved picture', () => {
  for (const name of ['mask', 'contour', 'segmentation', 'polygon', 'blur', 'pixelate'] as const) {
    it(name, async () => await check(name, instances, { annotators: [name] }));
  }
  for (const name of ['box', 'roundedBox', 'cornerBox', 'label', 'legend'] as const) {
    it(name, async () => await check(name, instances, { annotators: [name] }));
  }

  it('rotatedBox', async () => {
    const turned = [
      { ...detection(0, 0.95, [40, 40, 140, 140]), corners: [90, 30, 150, 90, 90, 150, 30, 90] },
      { ...detection(3, 0.85, [160, 80, 300, 190]), corners: [165, 140, 280, 80, 300, 120, 185, 180] },
      { ...detection(1, 0.7, [-20, 180, 60, 260]), corners: [-20, 200, 40, 180, 60, 240, 0, 260] },
    ];
    const base = detectionResult(320, 240, []);
    await check('rotatedBox', { ...base, kind: 'rotated-detection', detections: turned });
  });

  it('skeleton', async () => await check('skeleton', people));

  it('topClasses', async () => await check('topClasses', classes));

  it('heatMap', async () => {
    const values = { width: 32, height: 24, data: Float32Array.from({ length: 768 }, (_, index) => bump(index)) };
    await check('heatMap', instances, { annotators: [{ kind: 'heatMap', values }] });
  });

  it('all classes of a segmentation, with a legend', async () => await check('semantic', segmentation));

  it('custom names, and a legend in addition to the labels', async () => {
    const names = ['圆形', '正方形', '三角形', '星', '心'];
    await check('names', instances, { labels: names, legend: true });
  });

  it('all, by default', async () => await check('default', instances));

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

  it('masks of another size are refused', async () => {
    const small = instanceResult(100, 100, [detection(1, 0.9, [5, 5, 9, 9])]);
    const result = { ...small, image: { width: 320, height: 240 } };
    await expect(visualize(image, result)).rejects.toThrow(
      'Expected masks of 320×240 pixels, the size of the image, for result but received 100×100',
    );
  });
});
