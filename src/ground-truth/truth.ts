import { PaddleLabError } from '../errors';

/** What a format is read from. */
export interface TruthSource {
  readonly file: string;
  readonly bytes: Buffer;
  readonly image: string | number | undefined;
  readonly labels: readonly string[] | undefined;
}

/** What all truth has in common with results. */
export const truthBase = {
  threshold: 0,
  timings: { decodeMs: 0, preprocessMs: 0, inferenceMs: 0, postprocessMs: 0 },
} as const;

/** The number of a class among the model's, or one of its own in order of appearance where no labels are given. */
export function classNumbers(labels: readonly string[] | undefined): {
  readonly labels: readonly string[];
  of(name: string, file: string): number;
} {
  const known = [...(labels ?? [])];
  const of = (name: string, file: string): number => {
    const found = known.indexOf(name);
    if (found >= 0) return found;
    if (labels === undefined) return known.push(name) - 1;
    throw new PaddleLabError(
      'INVALID_ARGUMENT',
      `Expected classes of ground truth among the labels ${labels.join(', ')} but ${file} has "${name}"`,
    );
  };
  return { labels: known, of };
}
