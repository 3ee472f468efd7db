import path from 'node:path';
import { expect, test } from 'vitest';
import { predict, withModel } from '../../src';
import { returnToPool, takeFromPool } from '../../src/preprocess/float-pool';
import { demoModel, goldenImage, projectRoot } from '../helpers/project';

// Compared by identity: `toBe` would compare large arrays element by element.
test('a buffer has one user at a time, and is reused after it was returned', () => {
  const first = takeFromPool(1001);
  expect(takeFromPool(1001) === first).toBe(false);
  returnToPool(first);
  returnToPool(first);
  expect(takeFromPool(1001) === first).toBe(true);
  expect(takeFromPool(1001) === first).toBe(false);
});

test('arrays from elsewhere are not pooled, and at most 64 MiB are kept', () => {
  const mine = new Float32Array(1003);
  returnToPool(mine);
  expect(takeFromPool(1003) === mine).toBe(false);
  const large = takeFromPool(2 ** 24);
  const larger = takeFromPool(2 ** 24);
  returnToPool(large);
  returnToPool(larger);
  expect(takeFromPool(2 ** 24) === larger).toBe(true);
  expect(takeFromPool(2 ** 24) === large).toBe(false);
});

test('concurrent predictions, and those with raw tensors, do not share buffers', async () => {
  const images = [path.join(projectRoot, 'notebooks/images/shapes.png'), goldenImage('a_rgb_402x270.png')];
  await withModel(
    demoModel('shapes_det_picodet'),
    async (model) => {
      const [first, second] = await predict(model, images);
      const raw = await predict(model, images[0]!, { raw: true });
      const kept = Object.values(raw.raw!.inputs).map(({ data }) => Array.from(data as Float32Array));
      const together = await Promise.all([...images, ...images].map((image) => predict(model, image)));
      const boxes = [first, second, first, second].map((result) => ('detections' in result! ? result.detections : []));
      expect(together.map((result) => ('detections' in result ? result.detections : []))).toEqual(boxes);
      expect(Object.values(raw.raw!.inputs).map(({ data }) => Array.from(data as Float32Array))).toEqual(kept);
    },
    { engine: 'plain', threads: 1 },
  );
});
