import { expect, test } from 'vitest';
import { agreementShare, agreesFully } from '../../src/agreement/agreements';
import { intersectionOverUnion } from '../../src/agreement/match-objects';
import type { ObjectAgreement } from '../../src/agreement/objects';
import { compareOutputs } from '../../src/agreement/output-difference';
import { tolerances } from '../../src/agreement/tolerances';
import { agreementOf } from '../../src/compare/compare-results';
import { encodeRle } from '../../src/image/rle';
import type { Box, Detection, PredictResult } from '../../src/results';

function found(classId: number, score: number, box: Box): Detection {
  return { classId, label: String(classId), score, box };
}

const common = {
  image: { width: 2, height: 2 },
  threshold: 0,
  labels: [],
  timings: { decodeMs: 0, preprocessMs: 0, inferenceMs: 0, postprocessMs: 0 },
};

/** A result with the content of a task. */
function resultOf(found: object): PredictResult {
  return { ...common, ...found } as unknown as PredictResult;
}

function compare(baseline: readonly Detection[], other: readonly Detection[]): ObjectAgreement {
  const [expected, actual] = [baseline, other].map((detections) => resultOf({ kind: 'detection', detections }));
  return agreementOf([expected!], [actual!]) as ObjectAgreement;
}

test('intersection over union', () => {
  expect(intersectionOverUnion([0, 0, 2, 2], [1, 0, 3, 2])).toBeCloseTo(1 / 3);
  expect(intersectionOverUnion([0, 0, 2, 2], [4, 4, 5, 5])).toBe(0);
  expect(intersectionOverUnion([3, 5, 3, 5], [3, 5, 3, 5])).toBe(1);
  expect(intersectionOverUnion([3, 5, 3, 5], [6, 5, 6, 5])).toBe(0);
  expect(intersectionOverUnion([3, 5, 3, 25], [3.1, 5, 3.2, 25])).toBeCloseTo(0.75);
});

test('the same objects in another order agree fully, with the largest differences', () => {
  const baseline = [found(0, 0.9, [0, 0, 10, 10]), found(1, 0.8, [20, 20, 40, 40])];
  const other = [found(1, 0.79, [20, 20, 41, 40]), found(0, 0.9, [0, 0, 10, 10])];
  const agreement = compare(baseline, other);
  expect(agreement).toMatchObject({ matched: 2, expected: 2, extra: 0, maxBoxDifference: 1 });
  expect(agreement.maxScoreDifference).toBeCloseTo(0.01);
  expect(agreementShare(agreement)).toBe(1);
  // Within the tolerance of bfloat16, but not of float32.
  expect(agreesFully(agreement, tolerances.bf16)).toBe(true);
  expect(agreesFully(agreement, tolerances.fp32)).toBe(false);
});

test('a result agrees with itself, including boxes without area and several in one position', () => {
  const flat = [0.9, 0.8].map((score) => found(0, score, [3, 5, 3, 5]));
  const same = [0.7, 0.6, 0.5].map((score) => found(1, score, [0, 0, 9, 9]));
  const agreement = compare([...flat, ...same], [...same.toReversed(), ...flat]);
  expect(agreement).toMatchObject({ matched: 5, extra: 0, maxScoreDifference: 0, maxBoxDifference: 0 });
});

test('a moved, missing, extra or differently named object is a disagreement', () => {
  const baseline = [found(0, 0.9, [0, 0, 10, 10])];
  for (const other of [
    [found(0, 0.9, [30, 30, 40, 40])],
    [],
    [found(0, 0.9, [0, 0, 10, 10]), found(0, 0.6, [50, 50, 60, 60])],
    [found(2, 0.9, [0, 0, 10, 10])],
  ]) {
    expect(agreesFully(compare(baseline, other))).toBe(false);
  }
});

test('other kinds agree by pixels, first classes, joints or values', () => {
  const person = (x: number) => ({ score: 1, box: [0, 0, 1, 1] as const, keypoints: [{ x, y: 0, score: 1 }] });
  const tensor = (value: number) => {
    return { name: 'x', dtype: 'float32' as const, shape: [2], lod: [], data: Float32Array.of(value, 10) };
  };
  const people = (...found: object[]) => resultOf({ kind: 'keypoints', people: found });
  const tensors = (...outputs: object[]) => resultOf({ kind: 'tensors', outputs: [], raw: { inputs: {}, outputs } });
  const named = (classId: number, score: number) => ({ classId, label: '', score });
  const joints = agreementOf([people(person(1))], [people(person(4))])!;
  expect(joints).toEqual({ kind: 'joints', maxDistance: 3, near: 0 });
  expect(agreesFully(joints)).toBe(false);
  const missing = agreementOf([people(person(1))], [people()])!;
  expect(agreesFully(missing)).toBe(false);
  const values = agreementOf([tensors(tensor(1))], [tensors(tensor(1.01))])!;
  expect(values).toEqual({ kind: 'tensors', maxDifference: expect.closeTo(0.001, 5) });
  expect(agreesFully(values, tolerances.fp16)).toBe(true);
  const expected = resultOf({ kind: 'classification', classes: [named(1, 0.75), named(0, 0.25)] });
  const other = resultOf({ kind: 'classification', classes: [named(1, 0.5), named(2, 0.5)] });
  const wrong = resultOf({ kind: 'classification', classes: [named(0, 0.5)] });
  expect(agreementOf([expected, expected], [other, wrong])).toEqual({
    kind: 'classes',
    same: 1,
    expected: 2,
    maxScoreDifference: 0.25,
  });
  expect(agreementOf([resultOf({ kind: 'classification', classes: [] })], [tensors()])).toBeUndefined();
});

test('segmentations agree by pixels and by IoU of classes', () => {
  const segments = (data: readonly number[]) => ({
    image: { width: 2, height: 2 },
    segments: [0, 1].map((classId) => {
      const inside = data.map((one) => (one === classId ? 1 : 0));
      const mask = encodeRle({ width: 2, height: 2, data: inside });
      return { classId, label: '', area: 0, fraction: 0, mask };
    }),
  });
  const [expected, other] = [segments([0, 0, 1, 1]), segments([0, 0, 0, 1])].map((result) => {
    return resultOf({ kind: 'semantic-segmentation', ...result });
  });
  expect(agreementOf([expected!], [other!])).toEqual({
    kind: 'pixels',
    equal: 0.75,
    meanIou: expect.closeTo((2 / 3 + 1 / 2) / 2),
  });
});

test('masks of matched objects agree by IoU', () => {
  const mask = (data: readonly number[]) => encodeRle({ width: 2, height: 2, data });
  const [expected, other] = [mask([1, 1, 1, 0]), mask([1, 1, 0, 0])].map((one) => {
    return resultOf({ kind: 'instance-segmentation', detections: [{ ...found(0, 1, [0, 0, 2, 2]), mask: one }] });
  });
  const agreement = agreementOf([expected!], [other!])!;
  expect(agreement).toMatchObject({ matched: 1, minMaskIou: expect.closeTo(2 / 3) });
  expect(agreesFully(agreement)).toBe(false);
});

test('outputs differ by largest and mean difference, and by cosine similarity', () => {
  const feed = (...values: number[]) => {
    return [[{ name: 'x', dtype: 'float32' as const, shape: [values.length], data: Float32Array.from(values) }]];
  };
  expect(compareOutputs(feed(3, 4), feed(3, 4))).toEqual({ maxAbs: 0, meanAbs: 0, relative: 0, cosine: 1 });
  expect(compareOutputs(feed(1, 0), feed(0, 1))).toEqual({ maxAbs: 1, meanAbs: 1, relative: 1, cosine: 0 });
  expect(compareOutputs(feed(0, 8), feed(0, 4))).toEqual({ maxAbs: 4, meanAbs: 2, relative: 0.5, cosine: 1 });
  expect(compareOutputs(feed(1), feed(1, 2))).toBeUndefined();
  expect(compareOutputs(feed(1), feed(Number.NaN))?.maxAbs).toBe(Number.POSITIVE_INFINITY);
});
