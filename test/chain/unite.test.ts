import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { chain, loadModel, type Model, predict } from '../../src';
import { demoModel, goldenImage, projectRoot } from '../helpers/project';

const folder = path.join(projectRoot, 'test/golden/unite');

/** Made by unite.py with PaddleDetection's det_keypoint_unite_infer.py. */
interface Golden {
  readonly threshold: number;
  readonly images: readonly string[];
  readonly results: readonly {
    readonly image: string;
    readonly boxes: readonly (readonly number[])[];
    /** x, y, score of each joint. */
    readonly people: readonly (readonly number[])[];
    readonly scores: readonly (readonly number[])[];
  }[];
}

const golden: Golden = JSON.parse(readFileSync(path.join(folder, 'results.json'), 'utf8'));
const engine = { engine: 'plain', trial: false } as const;
let detector: Model<'detection'>;
let joints: Model<'keypoints'>;

beforeAll(async () => {
  detector = await loadModel(demoModel('shapes_det_picodet'), { task: 'detection', ...engine });
  joints = await loadModel(folder, { task: 'keypoints', ...engine });
});
afterAll(async () => {
  await detector?.dispose();
  await joints?.dispose();
});

test.each(golden.images)('the joints of the objects of %s are those of PaddleDetection', async (image) => {
  const expected = golden.results.find((one) => one.image === image) ?? { boxes: [], people: [], scores: [] };
  for (const batchSize of [8, 1]) {
    const both = chain(detector, { then: joints, classes: [0], batchSize });
    const { detections } = await predict(both, goldenImage(image), { threshold: golden.threshold });
    const passed = detections.filter(({ result }) => result !== undefined);
    expect(passed.map(({ box }) => box.map((side) => Math.trunc(side) + 0))).toEqual(expected.boxes);
    for (const [i, { result }] of passed.entries()) {
      const [person] = result?.people ?? [];
      expect(person?.score).toBeCloseTo(expected.scores[i]![0]!, 4);
      const found = person!.keypoints.flatMap(({ x, y, score }) => [x, y, score]);
      for (const [k, value] of found.entries()) {
        expect(Math.abs(value - expected.people[i]![k]!)).toBeLessThan(k % 3 === 2 ? 1e-4 : 0.05);
      }
    }
  }
});

test('the golden images have several people in all', () => {
  expect(golden.results.flatMap(({ people }) => people).length).toBeGreaterThan(5);
  expect(golden.results.flatMap(({ people }) => people).every((joints) => joints.length === 51)).toBe(true);
});
