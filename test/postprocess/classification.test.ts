import { describe, expect, test } from 'vitest';
import type { ClassificationRule } from '../../src';
import { readAs, tensor } from '../helpers/postprocess';

function classesOf(scores: readonly number[], rule: ClassificationRule, threshold?: number) {
  const spec = { labels: scores.map((_, i) => `class ${i}`), outputs: { classification: rule } };
  return readAs('classification', [tensor('float32', [1, scores.length], scores)], { spec, threshold });
}

async function idsOf(scores: readonly number[], rule: ClassificationRule, threshold?: number): Promise<number[]> {
  return (await classesOf(scores, rule, threshold)).classes.map(({ classId }) => classId);
}

describe('Topk', () => {
  test('has the best classes, of equal ones the higher number first, and all if there are fewer', async () => {
    expect(await idsOf([0.1, 0.4, 0.1, 0.4], { type: 'Topk', topk: 3 })).toEqual([3, 1, 2]);
    expect(await idsOf([0.3, 0.7], { type: 'Topk', topk: 5 })).toEqual([1, 0]);
  });

  test('does not change logits', async () => {
    const { classes } = await classesOf([-3, 12.5, 4], { type: 'Topk', topk: 1 });
    expect(classes).toEqual([{ classId: 1, label: 'class 1', score: 12.5 }]);
  });

  test('applies a threshold if requested', async () => {
    expect(await idsOf([0.1, 0.6, 0.3], { type: 'Topk', topk: 3 }, 0.2)).toEqual([1, 2]);
  });
});

describe('ThreshOutput', () => {
  const rule = { type: 'ThreshOutput', threshold: 0.75, defaultLabelIndex: 2 } as const;

  test('of two classes is the second one from the threshold on, else the first', async () => {
    expect((await classesOf([0.25, 0.75], rule)).classes).toEqual([{ classId: 1, label: 'class 1', score: 0.75 }]);
    expect((await classesOf([0.5, 0.5], rule)).classes).toEqual([{ classId: 0, label: 'class 0', score: 0.5 }]);
  });

  test('of more classes is the best one above the threshold, else the default one', async () => {
    expect(await idsOf([0.8, 0.1, 0.1], rule)).toEqual([0]);
    expect(await idsOf([0.75, 0.15, 0.1], rule)).toEqual([2]);
  });
});

test('MultiLabelThreshOutput has every class from the threshold on, by number', async () => {
  const rule = { type: 'MultiLabelThreshOutput', threshold: 0.5 } as const;
  expect(await idsOf([0.6, 0.2, 0.5, 0.9], rule)).toEqual([0, 2, 3]);
  expect(await idsOf([0.6, 0.2, 0.5, 0.9], rule, 0.8)).toEqual([3]);
  expect((await classesOf([0.1, 0.2], rule)).threshold).toBe(0.5);
});
