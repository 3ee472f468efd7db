import type { Dataset } from '../datasets/dataset';
import type { ImageTruth, LabelPixels, TrueObject } from '../datasets/truth';
import { PaddleLabError } from '../errors';
import { nearest } from '../validate';

/**
 * How the classes of a data set become those of the model: by their names, by their order, or by pairs
 * `{ datasetName: modelLabel }` for those whose names differ (`null` leaves a class out).
 */
export type ClassMapping = 'names' | 'order' | Readonly<Record<string, string | null>>;

/** The model's class for each class of the data set; `undefined` is left out of the evaluation. */
export type ClassNumbers = readonly (number | undefined)[];

/** Pixels of a class that is left out. */
const ignoredLabel = 255;

/**
 * The model's numbers of a data set's classes; undefined if the numbers are the same, because one of them has no names.
 *
 * @throws PaddleLabError DATASET_INVALID if a class of the data set is not one of the model's
 */
export function mapClasses(
  { classes, path }: Dataset,
  labels: readonly string[],
  mapping: ClassMapping = 'names',
): ClassNumbers | undefined {
  if (mapping === 'order') return sameOrder(classes, labels, path);
  const pairs = typeof mapping === 'object' ? mapping : {};
  checkPairs(pairs, classes, labels);
  if (classes.length === 0 || labels.length === 0) return undefined;
  const unknown: string[] = [];
  const numbers = classes.map((name) => {
    const wanted = pairs[name];
    if (wanted === null) return undefined;
    const number = labels.indexOf(wanted ?? name);
    if (number < 0) unknown.push(name);
    return number;
  });
  if (unknown.length === 0) return numbers;
  throw new PaddleLabError(
    'DATASET_INVALID',
    `Expected the classes of ${path} among the model's labels (${list(labels)}) but it has also ${list(unknown)}; ` +
      'name the label of each (or null to leave it out) with classes: { name: label }, or use classes: "order" if the ' +
      'classes have the same order',
  );
}

function sameOrder(classes: readonly string[], labels: readonly string[], path: string): undefined {
  if (labels.length === 0 || classes.length <= labels.length) return undefined;
  throw new PaddleLabError(
    'DATASET_INVALID',
    `Expected at most ${labels.length} classes, as many as the model has, in ${path} but it has ${classes.length}`,
  );
}

function checkPairs(
  pairs: Readonly<Record<string, string | null>>,
  classes: readonly string[],
  labels: readonly string[],
): void {
  for (const [name, label] of Object.entries(pairs)) {
    if (!classes.includes(name)) throw notAmong(`a class of the data set for classes`, name, classes);
    if (label !== null && !labels.includes(label))
      throw notAmong(`a label of the model for classes.${name}`, label, labels);
  }
}

function notAmong(expected: string, value: string, known: readonly string[]): PaddleLabError {
  const near = nearest(value, known);
  const hint = near === undefined ? `there are ${list(known)}` : `did you mean "${near}"?`;
  return new PaddleLabError('INVALID_ARGUMENT', `Expected ${expected} but received "${value}"; ${hint}`);
}

/** More names than this are counted. */
const maxNames = 12;

function list(names: readonly string[]): string {
  if (names.length === 0) return 'none';
  const shown = names.slice(0, maxNames).join(', ');
  return names.length > maxNames ? `${shown} and ${names.length - maxNames} more` : shown;
}

/** The truth with the model's class numbers; undefined for an image whose only class is left out. */
export function mapTruth(truth: ImageTruth, numbers: ClassNumbers | undefined): ImageTruth | undefined {
  if (numbers === undefined) return truth;
  switch (truth.kind) {
    case 'objects':
      return { ...truth, objects: truth.objects.flatMap((object) => mapObject(object, numbers)) };
    case 'classes': {
      const { multiLabel = truth.classIds.length !== 1 } = truth;
      const classIds = truth.classIds.flatMap((classId) => numbers[classId] ?? []);
      // Without a class it would look like an image of a multi-label data set.
      if (multiLabel) return { ...truth, multiLabel, classIds };
      return classIds.length === 1 ? { ...truth, classIds } : undefined;
    }
    case 'text':
      return truth;
    case 'pixels':
      return { ...truth, pixels: mapPixels(truth.pixels, numbers) };
  }
}

function mapObject(object: TrueObject, numbers: ClassNumbers): TrueObject[] {
  const classId = numbers[object.classId];
  return classId === undefined ? [] : [{ ...object, classId }];
}

function mapPixels({ width, height, data }: LabelPixels, numbers: ClassNumbers): LabelPixels {
  const table = Uint8Array.from({ length: 256 }, (_, label) => {
    return label < numbers.length ? (numbers[label] ?? ignoredLabel) : label;
  });
  return { width, height, data: data.map((label) => table[label] as number) };
}
