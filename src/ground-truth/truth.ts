import { PaddleLabError } from '../errors';

/** The input of a reader of ground truth. */
export interface TruthSource {
  readonly file: string;
  readonly image: string | number | undefined;
  readonly labels: readonly string[] | undefined;
}

/** The numbers of classes: those of the model's labels, or without labels in order of appearance. */
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
