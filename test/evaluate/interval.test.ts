import { expect, test } from 'vitest';
import { bootstrap } from '../../src/evaluate/interval';
import type { TaskEvaluator } from '../../src/metrics/task-evaluator';
import type { PredictResult } from '../../src/results';

/** The share of images that are right. */
function shareOf(right: readonly boolean[]): TaskEvaluator<PredictResult> {
  return {
    truth: 'classes',
    add: () => 0,
    figures: () => Promise.reject(new Error('not needed')),
    mainFigure: (weights) => {
      const total = right.reduce((sum, _, i) => sum + (weights[i] as number), 0);
      return right.reduce((sum, one, i) => sum + (one ? (weights[i] as number) : 0), 0) / total;
    },
  };
}

test('the interval of a share is about as wide as the binomial one', async () => {
  const right = Array.from({ length: 400 }, (_, i) => i % 5 !== 0);
  const [interval] = await bootstrap([shareOf(right)], right.length);
  // 0.8 ± 1.96 · √(0.8 · 0.2 / 400) = 0.8 ± 0.0392
  expect(interval!.low).toBeGreaterThan(0.74);
  expect(interval!.low).toBeLessThan(0.775);
  expect(interval!.high).toBeGreaterThan(0.825);
  expect(interval!.high).toBeLessThan(0.86);
});

test('the interval of a difference is that of the images that differ, not of both figures', async () => {
  const base = Array.from({ length: 400 }, (_, i) => i % 5 !== 0);
  const worse = base.map((right, i) => right && i % 100 !== 1);
  const [, difference] = await bootstrap([shareOf(base), shareOf(worse)], base.length);
  // 4 of 400 images differ: −0.01, and the interval is far narrower than ± 0.04.
  expect(difference!.low).toBeGreaterThan(-0.025);
  expect(difference!.low).toBeLessThan(-0.01);
  expect(difference!.high).toBeLessThanOrEqual(0);
  const [, same] = await bootstrap([shareOf(base), shareOf(base)], base.length);
  expect(same).toEqual({ low: 0, high: 0 });
});

test('the same images give the same interval', async () => {
  const right = [true, false, true, true];
  expect(await bootstrap([shareOf(right)], 4)).toEqual(await bootstrap([shareOf(right)], 4));
});
