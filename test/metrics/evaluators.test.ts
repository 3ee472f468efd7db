import { expect, test } from 'vitest';
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
