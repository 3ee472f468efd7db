import type { PredictResult } from '../../results';
import { invalidArgument } from '../../validate';

/** One result or many, as a list. */
export type Results = PredictResult | readonly PredictResult[];

export function resultList(results: unknown, name = 'results'): readonly PredictResult[] {
  const list = (Array.isArray(results) ? results : [results]) as readonly PredictResult[];
  if (list.length > 0 && list.every((result) => typeof result?.kind === 'string')) return list;
  throw invalidArgument(name, 'result of predict, or array of them', results);
}

/** A thing that was found: an object, a person, a class of an image, or the pixels of a class (which have no score). */
export interface Finding {
  readonly classId: number;
  readonly label: string;
  readonly score: number | undefined;
}

export function findingsOf(result: PredictResult): Finding[] {
  switch (result.kind) {
    case 'keypoints':
      return result.people.map(({ score }) => ({ classId: 0, label: 'person', score }));
    case 'semantic-segmentation':
      return result.segments.map(({ classId, label }) => ({ classId, label, score: undefined }));
    case 'classification':
      return [...result.classes];
    case 'tensors':
    case 'custom':
      return [];
    case 'detection':
    case 'rotated-detection':
    case 'instance-segmentation':
      return [...result.detections];
  }
}

/** The classes that occur, in the order of their numbers. */
export function classesIn(findings: readonly Finding[]): { readonly classId: number; readonly label: string }[] {
  const labels = new Map(findings.map(({ classId, label }) => [classId, label]));
  return [...labels].sort(([a], [b]) => a - b).map(([classId, label]) => ({ classId, label }));
}
