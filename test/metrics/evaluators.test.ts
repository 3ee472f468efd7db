import { expect, test } from 'vitest';
import { ClassEvaluator } from '../../src/metrics/class-evaluator';
import { PixelEvaluator } from '../../src/metrics/pixel-evaluator';

const labels = (...data: number[]) => ({ width: 4, height: 2, data });

test('pixels: PaddleSeg’s IoU, Dice, accuracy and kappa, without those that do not count', () => {
  const evaluator = new PixelEvaluator(3);
  evaluator.add(labels(0, 0, 1, 1, 1, 1, 0, 2), labels(0, 0, 0, 1, 1, 1, 255, 255));
  const { meanIou, meanDice, accuracy, kappa, classes } = evaluator.figures;
  // Class 2 is nowhere: its figures are 0 and count in the mean, as in PaddleSeg.
  expect(classes.map(({ iou }) => iou)).toEqual([2 / 3, 3 / 4, 0]);
  expect(meanIou).toBeCloseTo((2 / 3 + 3 / 4) / 3, 12);
  expect(meanDice).toBeCloseTo((4 / 5 + 6 / 7) / 3, 12);
  expect(accuracy).toBeCloseTo(5 / 6, 12);
  const byChance = (3 * 2 + 3 * 4) / 36;
  expect(kappa).toBeCloseTo((5 / 6 - byChance) / (1 - byChance), 12);
  expect(classes[1]).toEqual({ classId: 1, iou: 3 / 4, dice: 6 / 7, precision: 3 / 4, recall: 1, pixels: 3 });
});

test('classes: the first one, the first five, and each class', () => {
  const evaluator = new ClassEvaluator();
  evaluator.add([3, 1, 2], 3);
  evaluator.add([1, 3, 2], 3);
  evaluator.add([9, 8, 7, 6, 5, 4], 4);
  expect(evaluator.figures).toEqual({
    ...{ top1: 1 / 3, top5: 2 / 3, images: 3 },
    classes: [
      { classId: 3, accuracy: 0.5, images: 2 },
      { classId: 4, accuracy: 0, images: 1 },
    ],
  });
  expect(new ClassEvaluator().figures).toEqual({ top1: 0, top5: 0, images: 0, classes: [] });
});
