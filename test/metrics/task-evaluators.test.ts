import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { ImageTruth, TrueObject } from '../../src/datasets/truth';
import { encodeLabelMap } from '../../src/image/label-map';
import { quadOverlaps } from '../../src/metrics/quad-overlap';
import type { EvaluatorOptions, TaskEvaluator } from '../../src/metrics/task-evaluator';
import { objectEvaluator } from '../../src/metrics/tasks/objects';
import type { SceneObject } from '../../src/metrics/tasks/scene';
import { taskOfModel } from '../../src/tasks/tasks';

interface VocGolden {
  readonly images: { readonly truths: readonly number[][]; readonly found: readonly number[][] }[];
  /** `DetectionMAP.mAP` of PaddleDetection 2.6.0. */
  readonly integral: number;
  readonly '11point': number;
}

const golden: VocGolden[] = JSON.parse(readFileSync(path.join(__dirname, 'voc-golden.json'), 'utf8'));

const image = { width: 100, height: 100 };
interface Objects {
  readonly image: typeof image;
  readonly objects: readonly SceneObject[];
}
const boxesOf = (options: Partial<EvaluatorOptions> = {}): TaskEvaluator<Objects> =>
  objectEvaluator('boxes', { labels: [], ...options }, ({ objects }: Objects) => objects);

const found = ([classId, score, x1, y1, x2, y2]: readonly number[]): SceneObject => ({
  ...{ classId: classId!, score: score!, box: [x1!, y1!, x2!, y2!] },
});
const truth = ([classId, x1, y1, x2, y2, difficult]: readonly number[]): TrueObject => ({
  ...{ classId: classId!, box: [x1!, y1!, x2! - x1!, y2! - y1!], area: (x2! - x1!) * (y2! - y1!) },
  ...{ crowd: false, ignored: difficult === 1 },
});

function addAll(evaluator: TaskEvaluator<Objects>, images: VocGolden['images']): TaskEvaluator<Objects> {
  for (const one of images) {
    evaluator.add({ image, objects: one.found.map(found) }, { kind: 'objects', objects: one.truths.map(truth) });
  }
  return evaluator;
}

/** Of no true object, PaddleDetection has 0. */
const main = async (evaluator: TaskEvaluator<Objects>) => (await evaluator.figures()).figures[0].value ?? 0;

test.each(golden.map((set, i) => [i, set] as const))('VOC’s AP of set %i is PaddleDetection’s', async (_, set) => {
  expect(await main(addAll(boxesOf({ metric: 'voc' }), set.images))).toBeCloseTo(set.integral, 9);
  expect(await main(addAll(boxesOf({ metric: 'voc2007' }), set.images))).toBeCloseTo(set['11point'], 9);
});

test.each(['coco', 'voc', 'voc2007'] as const)(
  '%s: a weight of an image counts as adding it so often',
  async (metric) => {
    for (const { images: tied } of golden) {
      // Without equal scores in an image, whose copies would come one after the other.
      const images = tied.map(({ truths, found }) => ({
        ...{ truths, found: found.map(([id, score, ...box], i) => [id!, score! - i * 1e-6, ...box]) },
      }));
      const weights = images.map((_, i) => (i * 7 + 2) % 3);
      const repeated = images.flatMap((one, i) => Array.from({ length: weights[i]! }, () => one));
      const once = addAll(boxesOf({ metric }), images);
      const [weighted, expected] = [once.mainFigure(weights), await main(addAll(boxesOf({ metric }), repeated))];
      expect(weighted ?? 0).toBeCloseTo(expected, 9);
      expect(once.mainFigure(images.map(() => 1)) ?? 0).toBeCloseTo(await main(once), 9);
    }
  },
);

test('an image has its F1 score, and what is over an ignored object counts nowhere', async () => {
  const evaluator = boxesOf({ labels: ['a', 'b'] });
  const objects = [truth([0, 0, 0, 10, 10]), truth([1, 50, 50, 60, 60]), truth([0, 80, 80, 90, 90, 1])];
  const results = [
    [0, 0.9, 0, 0, 10, 10],
    [0, 0.8, 50, 50, 60, 60],
    [0, 0.7, 80, 80, 90, 90],
    [1, 0.4, 50, 50, 60, 60],
  ];
  const score = evaluator.add({ image, objects: results.map(found) }, { kind: 'objects', objects });
  expect(score).toBe(0.5);
  const { confusions, figures, classes, curves } = await evaluator.figures();
  expect(confusions).toEqual([
    { truth: 0, predicted: 0, count: 1 },
    { truth: 1, predicted: 0, count: 1 },
  ]);
  expect(figures.map(({ name }) => name)).toEqual(
    'AP AP50 AP75 AP small|AP medium|AP large|AR@1|AR@10|AR@100|AR small|AR medium|AR large'
      .replace('AP AP50 AP75 ', 'AP|AP50|AP75|')
      .split('|'),
  );
  expect(classes.map(({ label, values }) => [label, ...values.slice(-2)])).toEqual([
    ['a', 1, 3],
    ['b', 1, 1],
  ]);
  expect(curves?.map(({ label, recall, scores }) => [label, recall, scores])).toEqual([
    ['a', [1], [0.9]],
    ['b', [1], [0.4]],
  ]);
});

test('VOC: a box without a width overlaps the object around it, as in PaddleDetection', async () => {
  // `jaccard_overlap([10, 0, 10, 9], [9.75, 0, 10.25, 9])` is 10 ÷ 15.
  const images = [{ found: [[0, 1, 10, 0, 10, 9]], truths: [[0, 9.75, 0, 10.25, 9, 0]] }];
  expect(await main(addAll(boxesOf({ metric: 'voc' }), images))).toBe(1);
});

test('rotated boxes: overlaps of quadrilaterals in either direction', () => {
  const square = [0, 0, 10, 0, 10, 10, 0, 10];
  const turned = [0, 10, 10, 10, 10, 0, 0, 0];
  const diamond = [5, 0, 10, 5, 5, 10, 0, 5];
  const half = [5, 0, 15, 0, 15, 10, 5, 10];
  const far = [50, 50, 60, 50, 60, 60, 50, 60];
  const overlaps = quadOverlaps([square], [square, turned, diamond, half, far], Array(5).fill(false));
  expect([...overlaps]).toEqual([1, 1, 0.5, 1 / 3, 0].map((value) => expect.closeTo(value, 12)));
});

test('pixels: the figures of PaddleSeg, and the classes outside of the labels', async () => {
  const evaluator = taskOfModel({ task: 'semantic-segmentation' }).evaluator!({ labels: ['a', 'b', 'c'] });
  const size = { width: 4, height: 2 };
  const labels = (...data: number[]) => ({ ...size, data: Uint8Array.from(data) });
  const segments = encodeLabelMap(labels(0, 0, 1, 1, 1, 1, 0, 2));
  const pixels: ImageTruth = { kind: 'pixels', pixels: labels(0, 0, 0, 1, 1, 1, 255, 7) };
  evaluator.add({ image: size, segments } as never, pixels);
  const { figures, classes } = await evaluator.figures();
  expect(figures[0]).toMatchObject({ name: 'mIoU', value: expect.closeTo((2 / 3 + 3 / 4 + 0) / 3, 12) });
  // The pixel of class 7 counts as predicted wrongly, but not as true: PaddleSeg's accuracy is of the predicted ones.
  expect(figures[1]!.value).toBeCloseTo(5 / 7, 12);
  expect(classes[1]!.values).toEqual([3 / 4, 3 / 4, 1, 6 / 7, 3]);
  expect(evaluator.mainFigure([1])).toBeCloseTo(figures[0].value!, 12);
});

test('pixels: accuracy and kappa have no value where PaddleSeg divides by 0', async () => {
  const size = { width: 2, height: 1 };
  const values = async (truth: number[], predicted: number[]) => {
    const evaluator = taskOfModel({ task: 'semantic-segmentation' }).evaluator!({ labels: ['a', 'b'] });
    const segments = encodeLabelMap({ ...size, data: predicted });
    evaluator.add({ image: size, segments } as never, {
      ...{ kind: 'pixels', pixels: { ...size, data: Uint8Array.from(truth) } },
    });
    return (await evaluator.figures()).figures.map(({ value }) => value);
  };
  // mIoU, accuracy, Dice, kappa: of ignored pixels only; of one class that is always right; of two.
  expect(await values([255, 255], [0, 1])).toEqual([0, undefined, 0, undefined]);
  expect(await values([0, 0], [0, 0])).toEqual([0.5, 1, 0.5, undefined]);
  expect(await values([0, 1], [0, 1])).toEqual([1, 1, 1, 1]);
});

test('classes: top-1 and top-5, or the mean average precision if images have several', async () => {
  const result = (...scores: number[]) => ({
    classes: scores.map((score, classId) => ({ classId, label: '', score })),
  });
  const make = taskOfModel({ task: 'classification' }).evaluator!;
  const single = make({ labels: [] });
  expect(single.add(result(0.2, 0.8) as never, { kind: 'classes', classIds: [1] })).toBe(0.8);
  single.add(result(0.3, 0.7) as never, { kind: 'classes', classIds: [0] });
  // Of two classes, there is no best five.
  expect((await single.figures()).figures.map(({ value }) => value)).toEqual([0.5, undefined]);
  expect(single.mainFigure([3, 1])).toBe(0.75);
  const multi = make({ labels: [] });
  multi.add(result(0.9, 0.8) as never, { kind: 'classes', classIds: [0, 1] });
  multi.add(result(0.8, 0.9) as never, { kind: 'classes', classIds: [0] });
  multi.add(result(0.85, 0.1) as never, { kind: 'classes', classIds: [1] });
  // scikit-learn: average_precision_score([1, 1, 0], [.9, .8, .85]) and ([1, 0, 1], [.8, .9, .1]).
  expect((await multi.figures()).figures[0].value).toBeCloseTo(((1 + 2 / 3) / 2 + (1 / 2 + 2 / 3) / 2) / 2, 12);
});
