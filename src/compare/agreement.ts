import { decodeLabelMap } from '../image/label-map';
import type { Tensor } from '../inference/tensor';
import type { Box, Classification, Detection, Person, PredictResult, SemanticSegmentationResult } from '../results';

/** How the objects that a backend found compare with those of the baseline on the same input. */
export interface ObjectAgreement {
  readonly kind: 'objects';
  /** Objects of the baseline that have a partner: same class, IoU ≥ 0.5. */
  readonly matched: number;
  /** Objects of the baseline. */
  readonly expected: number;
  /** Objects without a partner in the baseline. */
  readonly extra: number;
  /** Largest difference of score between partners. */
  readonly maxScoreDifference: number;
  /** Largest difference of a box coordinate between partners, in pixels. */
  readonly maxBoxDifference: number;
}

/** How what a backend found compares with the baseline on the same input, by what the model finds. */
export type Agreement =
  | ObjectAgreement
  /** Semantic segmentation: part of the pixels that have the same class. */
  | { readonly kind: 'pixels'; readonly equal: number }
  /** Classification: whether the first class is the same, and the largest difference of score of a class. */
  | { readonly kind: 'classes'; readonly same: boolean; readonly maxScoreDifference: number }
  /** Keypoints: the largest distance of a joint, in pixels. */
  | { readonly kind: 'joints'; readonly maxDistance: number }
  /** Bare tensors: the largest difference of an element, relative to the largest element of the baseline. */
  | { readonly kind: 'tensors'; readonly maxDifference: number };

/** What a backend found, as a child process can tell it. */
export type Findings =
  | { readonly kind: 'objects'; readonly detections: readonly Detection[] }
  | { readonly kind: 'pixels'; readonly result: Pick<SemanticSegmentationResult, 'image' | 'segments'> }
  | { readonly kind: 'classes'; readonly classes: readonly Classification[] }
  | { readonly kind: 'joints'; readonly people: readonly Person[] }
  | { readonly kind: 'tensors'; readonly outputs: readonly Tensor[] };

/** Below these, differences are an engine's arithmetic and not another answer. */
const enoughPixels = 0.999;
const enoughDistance = 1;
const enoughDifference = 1e-2;

export function findingsOf(result: PredictResult, outputs: readonly Tensor[]): Findings {
  switch (result.kind) {
    case 'semantic-segmentation':
      return { kind: 'pixels', result: { image: result.image, segments: result.segments } };
    case 'classification':
      return { kind: 'classes', classes: result.classes };
    case 'keypoints':
      return { kind: 'joints', people: result.people };
    case 'custom':
    case 'tensors':
      return { kind: 'tensors', outputs };
    default:
      return { kind: 'objects', detections: result.detections };
  }
}

export function agreementOf(baseline: Findings, found: Findings): Agreement | undefined {
  if (baseline.kind === 'objects' && found.kind === 'objects') {
    return compareObjects(baseline.detections, found.detections);
  }
  if (baseline.kind === 'pixels' && found.kind === 'pixels') return comparePixels(baseline.result, found.result);
  if (baseline.kind === 'classes' && found.kind === 'classes') return compareClasses(baseline.classes, found.classes);
  if (baseline.kind === 'joints' && found.kind === 'joints') return compareJoints(baseline.people, found.people);
  if (baseline.kind === 'tensors' && found.kind === 'tensors') return compareTensors(baseline.outputs, found.outputs);
  return undefined;
}

/** Whether both found the same. */
export function agreesFully(agreement: Agreement): boolean {
  switch (agreement.kind) {
    case 'objects':
      return agreement.matched === agreement.expected && agreement.extra === 0;
    case 'pixels':
      return agreement.equal >= enoughPixels;
    case 'classes':
      return agreement.same;
    case 'joints':
      return agreement.maxDistance <= enoughDistance;
    case 'tensors':
      return agreement.maxDifference <= enoughDifference;
  }
}

type Segmented = Pick<SemanticSegmentationResult, 'image' | 'segments'>;

function comparePixels(baseline: Segmented, found: Segmented): Agreement {
  const expected = decodeLabelMap(baseline).data;
  const other = decodeLabelMap(found).data;
  let equal = 0;
  for (let i = 0; i < expected.length; i++) if (expected[i] === other[i]) equal++;
  return { kind: 'pixels', equal: equal / expected.length };
}

function compareClasses(baseline: readonly Classification[], found: readonly Classification[]): Agreement {
  const scores = new Map(found.map(({ classId, score }) => [classId, score]));
  const differences = baseline.flatMap(({ classId, score }) => {
    const other = scores.get(classId);
    return other === undefined ? [] : [Math.abs(other - score)];
  });
  const same = baseline[0]?.classId === found[0]?.classId;
  return { kind: 'classes', same, maxScoreDifference: Math.max(0, ...differences) };
}

function compareJoints(baseline: readonly Person[], found: readonly Person[]): Agreement {
  const distances = baseline.flatMap(({ keypoints }, person) =>
    keypoints.map(({ x, y }, joint) => {
      const other = found[person]?.keypoints[joint];
      return other === undefined ? Number.POSITIVE_INFINITY : Math.hypot(other.x - x, other.y - y);
    }),
  );
  const missing = found.length > baseline.length ? Number.POSITIVE_INFINITY : 0;
  return { kind: 'joints', maxDistance: Math.max(missing, ...distances) };
}

function compareTensors(baseline: readonly Tensor[], found: readonly Tensor[]): Agreement {
  let largest = 0;
  let difference = 0;
  baseline.forEach(({ data }, i) => {
    const other = found[i]?.data ?? new Float32Array(0);
    if (other.length !== data.length) difference = Number.POSITIVE_INFINITY;
    for (let at = 0; at < data.length; at++) {
      const value = Number(data[at]);
      largest = Math.max(largest, Math.abs(value));
      difference = Math.max(difference, Math.abs(value - Number(other[at])));
    }
  });
  return { kind: 'tensors', maxDifference: largest === 0 ? difference : difference / largest };
}

const matchIou = 0.5;

/** Pairs every object of the baseline with the best one of its class that is still free. */
function compareObjects(baseline: readonly Detection[], found: readonly Detection[]): ObjectAgreement {
  const free = new Set(found);
  let matched = 0;
  let maxScoreDifference = 0;
  let maxBoxDifference = 0;
  for (const expected of baseline) {
    const partner = bestPartner(expected, free);
    if (partner === undefined) continue;
    free.delete(partner);
    matched++;
    maxScoreDifference = Math.max(maxScoreDifference, Math.abs(partner.score - expected.score));
    const corners = partner.box.map((value, i) => Math.abs(value - (expected.box[i] as number)));
    maxBoxDifference = Math.max(maxBoxDifference, ...corners);
  }
  return {
    kind: 'objects',
    matched,
    expected: baseline.length,
    extra: free.size,
    maxScoreDifference,
    maxBoxDifference,
  };
}

function bestPartner(expected: Detection, candidates: ReadonlySet<Detection>): Detection | undefined {
  let best: Detection | undefined;
  let bestIou = matchIou;
  for (const candidate of candidates) {
    if (candidate.classId !== expected.classId) continue;
    const iou = intersectionOverUnion(expected.box, candidate.box);
    if (iou >= bestIou) {
      best = candidate;
      bestIou = iou;
    }
  }
  return best;
}

export function intersectionOverUnion(a: Box, b: Box): number {
  const width = Math.min(a[2], b[2]) - Math.max(a[0], b[0]);
  const height = Math.min(a[3], b[3]) - Math.max(a[1], b[1]);
  const intersection = Math.max(0, width) * Math.max(0, height);
  const area = (box: Box): number => Math.max(0, box[2] - box[0]) * Math.max(0, box[3] - box[1]);
  const union = area(a) + area(b) - intersection;
  return union > 0 ? intersection / union : 0;
}
