import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decodeImage, decodeRle, loadModel, type Model, masks, predict, predictSlices } from '../../src';
import { demoModel, goldenImage, projectRoot } from '../helpers/project';

interface Run {
  readonly image: string;
  readonly size: readonly [number, number];
  readonly overlap: readonly [number, number];
  readonly combine: 'nms' | 'concat';
  readonly metric: 'iou' | 'ios';
  readonly matchThreshold: number;
  /** Class, score, x1, y1, x2, y2. */
  readonly rows: readonly (readonly number[])[];
}

/** Made by slices.py with PaddleDetection's `predict_image_slice` and sahi. */
const { runs }: { runs: readonly Run[] } = JSON.parse(
  readFileSync(path.join(projectRoot, 'test/golden/slices.json'), 'utf8'),
);

let model: Model<'detection'>;
beforeAll(async () => {
  model = await loadModel(demoModel('shapes_det_picodet'), { task: 'detection', engine: 'plain', trial: false });
});
afterAll(() => model?.dispose());

/** Whether two rows are one object: its class, 1e-4 of its score, 0.05 px. */
const same = (a: readonly number[], b: readonly number[]): boolean =>
  a[0] === b[0] && Math.abs(a[1]! - b[1]!) < 1e-4 && [2, 3, 4, 5].every((k) => Math.abs(a[k]! - b[k]!) < 0.05);

test.each(runs)('slices of $image, $size, $overlap, $combine by $metric are those of PaddleDetection', async (run) => {
  const { image, size, overlap, combine, metric, matchThreshold } = run;
  const options = { size, overlap, combine, metric, matchThreshold, threshold: 0.05 };
  const { detections } = await predictSlices(model, goldenImage(image), options);
  const left = [...run.rows];
  for (const { classId, score, box } of detections) {
    const at = left.findIndex((row) => same(row, [classId, score, ...box]));
    expect(at, `${classId} ${score} ${box}`).not.toBe(-1);
    left.splice(at, 1);
  }
  expect(left).toEqual([]);
  expect(detections.length).toBeGreaterThan(2);
});

describe('predictSlices', () => {
  const image = goldenImage('f_rgb_640x480.jpg');

  test('on one window gives what predict gives', async () => {
    const whole = await predict(model, image);
    const sliced = await predictSlices(model, image, { combine: 'concat' });
    expect(sliced.detections).toEqual(whole.detections);
    expect(sliced).toMatchObject({ kind: 'detection', image: whole.image, labels: whole.labels, threshold: 0.5 });
  });

  test('gives the same in batches, from pixels, and with one number for both sides', async () => {
    const options = { size: 256, overlap: 0.25, threshold: 0.4 };
    const one = await predictSlices(model, image, options);
    const other = await predictSlices(
      model,
      { ...(await decodeImage(image)), channels: 3 },
      { ...options, batchSize: 4 },
    );
    expect(other.detections).toEqual(one.detections);
  });

  test('joins the parts of an object', async () => {
    const options = { size: 200, threshold: 0.4 } as const;
    const all = await predictSlices(model, image, { ...options, combine: 'concat' });
    const joined = await predictSlices(model, image, { ...options, combine: 'merge' });
    expect(joined.detections.length).toBeLessThan(all.detections.length);
    const widest = (result: typeof all) => Math.max(...result.detections.map(({ box: [x1, , x2] }) => x2 - x1));
    expect(widest(joined)).toBeGreaterThanOrEqual(widest(all));
  });

  test('gives masks of the whole image', async () => {
    const segmenter = await loadModel(demoModel('shapes_ins_maskrcnn'), {
      ...({ task: 'instance-segmentation', engine: 'plain', trial: false } as const),
    });
    try {
      const { detections } = await predictSlices(segmenter, image, { size: [320, 400], combine: 'merge' });
      expect(detections.length).toBeGreaterThan(2);
      for (const { mask, box } of detections) {
        expect(mask.size).toEqual([480, 640]);
        expect(decodeRle(mask).data.includes(1)).toBe(true);
        const [x1, y1, x2, y2] = masks.box(mask)!;
        for (const [inner, outer] of [
          [box[0], x1],
          [box[1], y1],
          [x2, box[2]],
          [y2, box[3]],
        ] as const) {
          expect(outer).toBeGreaterThan(inner - 3);
        }
      }
    } finally {
      await segmenter.dispose();
    }
  });

  test.each([
    [{ size: 0 }, /^Expected integer ≥ 1 for size but received 0/],
    [{ size: [1] }, /^Expected integer ≥ 1, or two of them \[height, width\], for size/],
    [{ size: [100, 1.5] }, /^Expected integer ≥ 1 for size\[1\]/],
    [{ overlap: 1 }, /^Expected number from 0 to 0.95 for overlap/],
    [{ combine: 'nmm' }, /^Expected one of "nms", "merge", "concat" for combine/],
  ])('refuses %j', async (options, message) => {
    const error = expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringMatching(message) });
    await expect(predictSlices(model, image, options as never)).rejects.toEqual(error);
  });

  test('refuses a model that finds no objects', async () => {
    const classifier = await loadModel(demoModel('shapes_cls_mbv3s'), { engine: 'plain', trial: false });
    await expect(predictSlices(classifier as never, image)).rejects.toMatchObject({ code: 'MODEL_UNSUPPORTED' });
    await classifier.dispose();
  });
});
