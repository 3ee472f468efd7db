import { PaddleLabError } from '../errors';
import type { DatasetProblem } from './dataset';

/** The error for a data set that is not in its format; `place` is such as `line 3`, undefined for the whole file. */
export function datasetInvalid(
  file: string,
  place: string | undefined,
  message: string,
  cause?: unknown,
): PaddleLabError {
  const where = place === undefined ? file : `${place} of ${file}`;
  return new PaddleLabError('DATASET_INVALID', `${message} (${where})`, { cause });
}

/** A value of a data set in an error message: short, as JSON. */
export function quoted(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

export function leftOut(file: string, place: string | undefined, message: string): DatasetProblem {
  return problem('object-left-out', file, place, message);
}

export function kept(file: string, place: string | undefined, message: string): DatasetProblem {
  return problem('kept', file, place, message);
}

export function imageLeftOut(file: string, place: string | undefined, message: string): DatasetProblem {
  return problem('image-left-out', file, place, message);
}

function problem(
  kind: DatasetProblem['kind'],
  file: string,
  place: string | undefined,
  message: string,
): DatasetProblem {
  return place === undefined ? { kind, file, message } : { kind, file, place, message };
}
