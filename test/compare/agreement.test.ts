import { expect, test } from 'vitest';
import { agreementOf, agreesFully, intersectionOverUnion, type ObjectAgreement } from '../../src/compare/agreement';
import type { Box, Detection } from '../../src/results';

function found(classId: number, score: number, box: Box): Detection {
  return { classId, label: String(classId), score, box };
}

function compare(baseline: readonly Detection[], other: readonly Detection[]): ObjectAgreement {
  const [expected, actual] = [baseline, other].map((detections) => ({ kind: 'objects' as const, detections }));
  return agreementOf(expected!, actual!) as ObjectAgreement;
}

test('intersection over union', () => {
  expect(intersectionOverUnion([0, 0, 2, 2], [1, 0, 3, 2])).toBeCloseTo(1 / 3);
  expect(intersectionOverUnion([0, 0, 2, 2], [4, 4, 5, 5])).toBe(0);
  expect(intersectionOverUnion([0, 0, 0, 0], [0, 0, 0, 0])).toBe(0);
});

test('the same objects in another order agree fully, with the largest differences', () => {
  const baseline = [found(0, 0.9, [0, 0, 10, 10]), found(1, 0.8, [20, 20, 40, 40])];
  const other = [found(1, 0.79, [20, 20, 41, 40]), found(0, 0.9, [0, 0, 10, 10])];
  const agreement = compare(baseline, other);
  expect(agreement).toMatchObject({ matched: 2, expected: 2, extra: 0, maxBoxDifference: 1 });
  expect(agreement.maxScoreDifference).toBeCloseTo(0.01);
  expect(agreesFully(agreement)).toBe(true);
});

test('a moved, missing, extra or differently named object is disagreement', () => {
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
  const named = (classId: number, score: number) => ({ classId, label: '', score });
  const joints = agreementOf({ kind: 'joints', people: [person(1)] }, { kind: 'joints', people: [person(4)] })!;
  expect(joints).toEqual({ kind: 'joints', maxDistance: 3 });
  expect(agreesFully(joints)).toBe(false);
  const missing = agreementOf({ kind: 'joints', people: [person(1)] }, { kind: 'joints', people: [] })!;
  expect(agreesFully(missing)).toBe(false);
  const values = agreementOf({ kind: 'tensors', outputs: [tensor(1)] }, { kind: 'tensors', outputs: [tensor(1.01)] })!;
  expect(values).toEqual({ kind: 'tensors', maxDifference: expect.closeTo(0.001, 5) });
  expect(agreesFully(values)).toBe(true);
  const classes = agreementOf(
    { kind: 'classes', classes: [named(1, 0.75), named(0, 0.25)] },
    { kind: 'classes', classes: [named(1, 0.5), named(2, 0.5)] },
  );
  expect(classes).toEqual({ kind: 'classes', same: true, maxScoreDifference: 0.25 });
  expect(agreementOf({ kind: 'classes', classes: [] }, { kind: 'tensors', outputs: [] })).toBeUndefined();
});
