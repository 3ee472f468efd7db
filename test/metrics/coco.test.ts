import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { type CocoKind, cocoStatistics, evaluateRecords } from '../../src/metrics/coco/evaluate-records';
import { figuresOfSet } from '../helpers/coco-scenes';
import { randomCocoSet } from '../helpers/coco-sets';

interface Golden {
  readonly kind: CocoKind;
  readonly seed: number;
  /** `COCOeval.stats` of pycocotools 2.0.11. */
  readonly statistics: readonly number[];
}

const golden: Golden[] = JSON.parse(readFileSync(path.join(__dirname, 'coco-golden.json'), 'utf8'));

test.each(golden)('$kind of set $seed has pycocotools’ figures to 1e-9', ({ kind, seed, statistics }) => {
  const { truth, results } = randomCocoSet(kind, seed);
  const ids = truth.images.map(({ id }) => id);
  const found = cocoStatistics(kind, evaluateRecords(kind, ids, truth.annotations, results));
  expect(found).toEqual(statistics.map((value) => expect.closeTo(value, 9)));
});

test('an image without anything does not count', () => {
  expect(cocoStatistics('bbox', evaluateRecords('bbox', [1, 2], [], []))).toEqual(Array(12).fill(-1));
});

test.each(golden)('the evaluator of $kind has them too, for set $seed', async ({ kind, seed, statistics }) => {
  const found = await figuresOfSet(randomCocoSet(kind, seed));
  expect(found).toEqual(statistics.map((value) => expect.closeTo(value, 9)));
});
