import type { PredictResult } from '../../results';
import type { Finding } from '../../spec/task-parts';
import { taskOf } from '../../tasks/tasks';
import { invalidArgument } from '../../validate';

/** One result or several, as a list. */
export type Results = PredictResult | readonly PredictResult[];

export function resultList(results: unknown, name = 'results'): readonly PredictResult[] {
  const list = (Array.isArray(results) ? results : [results]) as readonly PredictResult[];
  if (list.length > 0 && list.every((result) => typeof result?.kind === 'string')) return list;
  throw invalidArgument(name, 'result of predict, or array of them', results);
}

export function findingsOf(result: PredictResult): readonly Finding[] {
  return taskOf(result).found(result);
}

/** The classes that occur, sorted by number. */
export function classesIn(findings: readonly Finding[]): { readonly classId: number; readonly label: string }[] {
  const labels = new Map(findings.map(({ classId, label }) => [classId, label]));
  return [...labels].sort(([a], [b]) => a - b).map(([classId, label]) => ({ classId, label }));
}
