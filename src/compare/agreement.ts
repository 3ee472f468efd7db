import { decodeLabelMap } from '../image/label-map';
import type { Precision } from '../inference/config';
import type { Classification, Person, SemanticSegmentationResult } from '../results';
import type { DecodedOutputs } from './decoded-outputs';
import type { Feed } from './measuring-protocol';
import { compareObjects, type ObjectAgreement } from './object-agreement';
import { compareOutputs } from './output-difference';

export type { ObjectAgreement } from './object-agreement';

/** How what a backend found compares with the baseline on the same images, by what the model finds. */
export type Agreement =
  | ObjectAgreement
  /** Semantic segmentation: part of the pixels that have the same class, and mean IoU of the baseline's classes. */
  | { readonly kind: 'pixels'; readonly equal: number; readonly meanIou: number }
  | {
      /** Classification: images whose first class is the same, of all; and the largest difference of score of a class. */
      readonly kind: 'classes';
      readonly same: number;
      readonly expected: number;
      readonly maxScoreDifference: number;
    }
  /** Keypoints: the largest distance of a joint, in pixels, and the part of the joints within one pixel. */
  | { readonly kind: 'joints'; readonly maxDistance: number; readonly near: number }
  /** Bare tensors: the largest difference of an element, relative to the largest element of the baseline. */
  | { readonly kind: 'tensors'; readonly maxDifference: number };

/** Undefined if the two are not of one kind. */
export function agreementOf(
  baseline: readonly DecodedOutputs[],
  found: readonly DecodedOutputs[],
): Agreement | undefined {
  const parts = baseline.map((expected, i) => agreementOfOne(expected, found[i]));
  const [first, ...others] = parts;
  return others.reduce((sum, part) => (sum && part ? add(sum, part) : undefined), first);
}

function agreementOfOne(baseline: DecodedOutputs, found: DecodedOutputs | undefined): Agreement | undefined {
  if (baseline.kind === 'objects' && found?.kind === 'objects') {
    return compareObjects(baseline.detections, found.detections);
  }
  if (baseline.kind === 'pixels' && found?.kind === 'pixels') return comparePixels(baseline.result, found.result);
  if (baseline.kind === 'classes' && found?.kind === 'classes') return compareClasses(baseline.classes, found.classes);
  if (baseline.kind === 'joints' && found?.kind === 'joints') return compareJoints(baseline.people, found.people);
  if (baseline.kind === 'tensors' && found?.kind === 'tensors') return compareTensors(baseline.outputs, found.outputs);
  return undefined;
}

/** Several images as one; means of two images after another weigh the same, which is near enough. */
function add(a: Agreement, b: Agreement): Agreement {
  if (a.kind === 'objects' && b.kind === 'objects') {
    return {
      kind: 'objects',
      matched: a.matched + b.matched,
      expected: a.expected + b.expected,
      extra: a.extra + b.extra,
      maxScoreDifference: Math.max(a.maxScoreDifference, b.maxScoreDifference),
      maxBoxDifference: Math.max(a.maxBoxDifference, b.maxBoxDifference),
      minMaskIou: a.minMaskIou === undefined ? b.minMaskIou : Math.min(a.minMaskIou, b.minMaskIou ?? 1),
    };
  }
  if (a.kind === 'pixels' && b.kind === 'pixels') {
    return { kind: 'pixels', equal: Math.min(a.equal, b.equal), meanIou: Math.min(a.meanIou, b.meanIou) };
  }
  if (a.kind === 'classes' && b.kind === 'classes') {
    const maxScoreDifference = Math.max(a.maxScoreDifference, b.maxScoreDifference);
    return { kind: 'classes', same: a.same + b.same, expected: a.expected + b.expected, maxScoreDifference };
  }
  if (a.kind === 'joints' && b.kind === 'joints') {
    return { kind: 'joints', maxDistance: Math.max(a.maxDistance, b.maxDistance), near: Math.min(a.near, b.near) };
  }
  if (a.kind === 'tensors' && b.kind === 'tensors') {
    return { kind: 'tensors', maxDifference: Math.max(a.maxDifference, b.maxDifference) };
  }
  return a;
}

/** How much is the same, 0 to 1: matched objects of all, equal pixels, images of the same class, joints in place. */
export function agreementShare(agreement: Agreement): number {
  switch (agreement.kind) {
    case 'objects': {
      const all = agreement.expected + agreement.extra;
      return all === 0 ? 1 : agreement.matched / all;
    }
    case 'pixels':
      return agreement.equal;
    case 'classes':
      return agreement.same / agreement.expected;
    case 'joints':
      return agreement.near;
    case 'tensors':
      return Math.max(0, 1 - agreement.maxDifference);
  }
}

/** What arithmetic of a precision explains. */
export interface Tolerance {
  /** Of scores, and of elements relative to the largest. */
  readonly value: number;
  readonly boxPixels: number;
  readonly maskIou: number;
  readonly pixels: number;
  readonly jointPixels: number;
}

/**
 * float32 on other kernels: what this library holds itself to against Paddle's scripts; measured is a hundredth of it.
 * Half precisions keep 11 and 8 bits. `same` kernels on the same weights gave the same bits whenever it was tried.
 */
export const tolerances: Readonly<Record<Precision | 'same', Tolerance>> = {
  same: { value: 1e-7, boxPixels: 1e-3, maskIou: 0.99999, pixels: 1, jointPixels: 1e-3 },
  fp32: { value: 1e-4, boxPixels: 0.05, maskIou: 0.999, pixels: 0.9999, jointPixels: 0.5 },
  fp16: { value: 1e-2, boxPixels: 2, maskIou: 0.97, pixels: 0.999, jointPixels: 1 },
  bf16: { value: 5e-2, boxPixels: 4, maskIou: 0.95, pixels: 0.999, jointPixels: 2 },
  int8: { value: 1e-1, boxPixels: 6, maskIou: 0.9, pixels: 0.995, jointPixels: 3 },
};

/** Whether both found the same, within what the precision explains. */
export function agreesFully(agreement: Agreement, tolerance: Tolerance = tolerances.fp32): boolean {
  switch (agreement.kind) {
    case 'objects':
      return (
        agreement.matched === agreement.expected &&
        agreement.extra === 0 &&
        agreement.maxScoreDifference <= tolerance.value &&
        agreement.maxBoxDifference <= tolerance.boxPixels &&
        (agreement.minMaskIou ?? 1) >= tolerance.maskIou
      );
    case 'pixels':
      return agreement.equal >= tolerance.pixels;
    case 'classes':
      return agreement.same === agreement.expected && agreement.maxScoreDifference <= tolerance.value;
    case 'joints':
      return agreement.maxDistance <= tolerance.jointPixels;
    case 'tensors':
      return agreement.maxDifference <= tolerance.value;
  }
}

type Segmented = Pick<SemanticSegmentationResult, 'image' | 'segments'>;

function comparePixels(baseline: Segmented, found: Segmented): Agreement {
  const expected = decodeLabelMap(baseline).data;
  const other = decodeLabelMap(found).data;
  let equal = 0;
  const both = new Map<number, number>();
  const sizes = new Map<number, number>();
  const count = (map: Map<number, number>, classId: number): void => void map.set(classId, (map.get(classId) ?? 0) + 1);
  for (let i = 0; i < expected.length; i++) {
    const [a = 0, b = 0] = [expected[i], other[i]];
    count(sizes, a);
    if (a === b) {
      equal++;
      count(both, a);
    } else {
      count(sizes, b);
    }
  }
  const classes = [...new Set(expected)];
  const ious = classes.map((classId) => (both.get(classId) ?? 0) / (sizes.get(classId) ?? 1));
  const meanIou = ious.reduce((sum, iou) => sum + iou, 0) / ious.length;
  return { kind: 'pixels', equal: equal / expected.length, meanIou };
}

function compareClasses(baseline: readonly Classification[], found: readonly Classification[]): Agreement {
  const scores = new Map(found.map(({ classId, score }) => [classId, score]));
  const differences = baseline.flatMap(({ classId, score }) => {
    const other = scores.get(classId);
    return other === undefined ? [] : [Math.abs(other - score)];
  });
  const same = baseline[0]?.classId === found[0]?.classId ? 1 : 0;
  return { kind: 'classes', same, expected: 1, maxScoreDifference: Math.max(0, ...differences) };
}

function compareJoints(baseline: readonly Person[], found: readonly Person[]): Agreement {
  const distances = baseline.flatMap(({ keypoints }, person) =>
    keypoints.map(({ x, y }, joint) => {
      const other = found[person]?.keypoints[joint];
      return other === undefined ? Number.POSITIVE_INFINITY : Math.hypot(other.x - x, other.y - y);
    }),
  );
  const missing = found.length > baseline.length ? Number.POSITIVE_INFINITY : 0;
  const near = distances.length === 0 ? 1 : distances.filter((distance) => distance <= 1).length / distances.length;
  return { kind: 'joints', maxDistance: Math.max(missing, ...distances), near };
}

function compareTensors(baseline: Feed, found: Feed): Agreement {
  return { kind: 'tensors', maxDifference: compareOutputs([baseline], [found])?.relative ?? Number.POSITIVE_INFINITY };
}
